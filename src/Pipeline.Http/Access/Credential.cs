using Microsoft.AspNetCore.Http;

namespace Pipeline.Http.Access;

/// <summary>What a request presents: Authorization: Bearer, with a key or a token behind it.</summary>
internal static class Credential
{
    private const string Scheme = "Bearer ";

    /// <summary>The key or token, or null where there is none.</summary>
    public static string? Of(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.Length > Scheme.Length && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
    }

    /// <summary>Tokens (JWT) have dots between their parts, keys none.</summary>
    public static bool IsToken(HttpRequest request) =>
        Of(request) is { } credential && credential.Contains('.', StringComparison.Ordinal);
}
