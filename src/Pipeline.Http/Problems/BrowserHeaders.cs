using Microsoft.AspNetCore.Http;

namespace Pipeline.Http.Problems;

/// <summary>
/// What every answer tells a browser: to keep it apart from pages of other origins, and not to keep a copy.
/// </summary>
internal static class BrowserHeaders
{
    private const string Apart = "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>For the console page: script and style come from here alone, no text is made into markup.</summary>
    public const string PagePolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'" + Apart;

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
