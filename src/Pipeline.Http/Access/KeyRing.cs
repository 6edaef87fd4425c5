using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;

namespace Pipeline.Http.Access;

/// <summary>The keys configured, with what the holder of each is let in as.</summary>
internal sealed class KeyRing
{
    public const string Scheme = "key";

    /// <summary>Shorter ones cannot have the entropy that a plain hash needs.</summary>
    private const int MinLength = 32;
    private const int MaxLength = 512;

    private readonly (byte[] Hash, AuthenticateResult Result)[] _keys;

    public KeyRing(AccessOptions options) => _keys = [.. options.Keys.Select(static key =>
        (key.Hash.ToArray(), AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(key), Scheme))))];

    /// <summary>Looks at every key in fixed time.</summary>
    public AuthenticateResult? Find(string key)
    {
        if (key.Length is < MinLength or > MaxLength)
        {
            return null;
        }

        Span<byte> text = stackalloc byte[MaxLength * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(key, text)], hash);
        AuthenticateResult? found = null;
        foreach (var (known, result) in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(known, hash) ? result : found;
        }

        return found;
    }

    private static ClaimsPrincipal PrincipalOf(ApiKey key)
    {
        var identity = new ClaimsIdentity(Scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, key.Name));
        identity.AddClaims(key.Roles.Select(static role => new Claim(ClaimTypes.Role, role)));
        return new ClaimsPrincipal(identity);
    }
}
