using Microsoft.AspNetCore.Http;

namespace Pipeline.Http.Pages;

/// <summary>
/// What every answer tells a browser: to keep it apart from pages of other origins, and not to keep a copy.
/// </summary>
internal static class BrowserHeaders
{
    private const string Apart = "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>For the console page, whose script and style stand in it.</summary>
    public const string PagePolicy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
        + "img-src data:" + Apart;

    private const string Policy = "default-src 'none'" + Apart;

    public static void Set(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-store";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
