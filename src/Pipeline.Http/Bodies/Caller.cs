using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace Pipeline.Http.Bodies;

/// <summary>Who sends a request, as far as shares of memory go: the key or token, else the address.</summary>
internal static class Caller
{
    public static object Of(HttpContext context) =>
        context.Features.Get<IHttpAuthenticationFeature>()?.User?.Identity is { IsAuthenticated: true, Name: { } name }
            ? name
            : context.Connection.RemoteIpAddress ?? IPAddress.None;
}
