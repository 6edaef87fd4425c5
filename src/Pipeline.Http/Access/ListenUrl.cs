using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Pipeline.Http.Access;

/// <summary>An address to listen on: beyond loopback only where callers must authenticate.</summary>
public static class ListenUrl
{
    /// <summary>The URL, or what is wrong with it.</summary>
    public static bool TryRead(
        string text, AccessOptions access, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? error)
    {
        error = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out url) || url.Scheme != "http" || url.PathAndQuery != "/")
        {
            error = $"'{text}' is not of the form http://127.0.0.1:8080.";
        }
        else if (!access.IsConfigured && !IsLoopback(url))
        {
            error = Exposed(text);
        }

        return error is null;
    }

    internal static string Exposed(string text) =>
        $"{text} can be reached from outside, and no authentication is configured; use a loopback address, "
        + "or configure keys or tokens: Pipeline:Auth, docs/http.md.";

    public static bool IsLoopback(Uri url) =>
        url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
}
