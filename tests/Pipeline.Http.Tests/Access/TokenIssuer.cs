using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Pipeline.Http.Tests.Access;

/// <summary>An issuer of tokens on loopback: its discovery document, its keys, and tokens of all kinds.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    public const string Audience = "api://pipeline";

    private readonly RSA _rsa = RSA.Create(2048);
    private WebApplication? _app;
    private volatile bool _isAway;

    public Uri Address { get; private set; } = null!;

    /// <summary>Whether it answers nothing but 503.</summary>
    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    private RsaSecurityKey Key => new(_rsa) { KeyId = "1" };

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Answer(new
        {
            issuer = Address.ToString(),
            jwks_uri = new Uri(Address, "keys").ToString(),
        }));
        _app.MapGet("/keys", () => Answer(new
        {
            keys = new[]
            {
                new
                {
                    kty = "RSA",
                    use = "sig",
                    kid = "1",
                    n = Base64UrlEncoder.Encode(_rsa.ExportParameters(false).Modulus),
                    e = Base64UrlEncoder.Encode(_rsa.ExportParameters(false).Exponent),
                },
            },
        }));
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First() + "/");
    }

    /// <summary>A token with these roles; what else is wrong with it the caller says.</summary>
    public string Token(
        string[] roles, string? audience = Audience, string? issuer = null, double minutes = 10, RSA? signer = null) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Address.ToString(),
            Audience = audience,
            IssuedAt = DateTime.UtcNow.AddHours(-2),
            NotBefore = DateTime.UtcNow.AddHours(-2),
            Expires = DateTime.UtcNow.AddMinutes(minutes),
            Claims = new Dictionary<string, object> { ["sub"] = "someone", ["roles"] = roles },
            SigningCredentials = new SigningCredentials(
                signer is null ? Key : new RsaSecurityKey(signer) { KeyId = "1" }, SecurityAlgorithms.RsaSha256),
        });

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _rsa.Dispose();
    }

    private IResult Answer(object document) => IsAway ? Results.StatusCode(503) : Results.Json(document);
}
