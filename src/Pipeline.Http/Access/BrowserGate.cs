using System.Net;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Access;

/// <summary>
/// Keeps out what a page of another origin makes a browser send. A change needs the origin to be this service, where
/// the browser tells it (Origin, Sec-Fetch-Site). Without authentication the request must have asked for a name of this
/// machine: a page whose own name was made to point here (DNS rebinding) asks for another.
/// </summary>
internal sealed class BrowserGate(RequestDelegate next, AccessOptions access)
{
    private const string FetchSite = "Sec-Fetch-Site";

    private static readonly Problem Foreign = new(
        403,
        "foreign-origin",
        "A page of another origin may not do this",
        "Origin or Sec-Fetch-Site says that a page from elsewhere sent it. The service's own console may, and clients "
        + "that are no browsers: these leave both headers out.");

    private static readonly Problem Misdirected = new(
        421,
        "misdirected",
        "This is not the name of this service",
        "Without authentication the service answers to localhost, 127.0.0.1 and [::1] alone. Ask for one of these, or "
        + "configure keys or tokens: Pipeline:Auth.");

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!access.IsConfigured && request.Headers.Host.Count > 0 && !IsOfThisMachine(request.Host.Host))
        {
            return ProblemWriter.WriteAsync(context, Misdirected);
        }

        return IsChange(request.Method) && IsForeign(request)
            ? ProblemWriter.WriteAsync(context, Foreign)
            : next(context);
    }

    private static bool IsOfThisMachine(string host) =>
        host is "127.0.0.1"
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsChange(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    private static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers[FetchSite];
        if (site.Count > 0 && site.ToString().ToLowerInvariant() is not ("same-origin" or "none"))
        {
            return true;
        }

        var origin = request.Headers.Origin;
        return origin.Count > 0 && !IsOwn(request.Host, origin.ToString());
    }

    private static bool IsOwn(HostString host, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.Scheme is "http" or "https"
        && page.Host.Equals(host.Host, StringComparison.OrdinalIgnoreCase)
        && page.Port == (host.Port ?? (page.Scheme == "https" ? 443 : 80));
}
