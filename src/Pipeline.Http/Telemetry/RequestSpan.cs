using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Api;

namespace Pipeline.Http.Telemetry;

/// <summary>Names a request's span by method and route, and says how it ended (OpenTelemetry conventions).</summary>
internal static class RequestSpan
{
    public static Task RunAsync(HttpContext context, ApiOperation operation) =>
        Activity.Current is { IsAllDataRequested: true } span
            ? RunAsync(context, operation, span)
            : operation.Handler(context);

    private static async Task RunAsync(HttpContext context, ApiOperation operation, Activity span)
    {
        span.DisplayName = $"{operation.Method} {operation.Path}";
        span.SetTag("http.request.method", operation.Method);
        span.SetTag("http.route", operation.Path);
        span.SetTag("url.path", context.Request.Path.Value);
        await operation.Handler(context);
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
