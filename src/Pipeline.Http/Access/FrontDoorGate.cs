using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Access;

/// <summary>
/// Lets only those requests in that came through one Azure Front Door, which says its id in a header. Probes of the
/// platform come directly, so the health endpoints stay open.
/// </summary>
internal sealed class FrontDoorGate(RequestDelegate next, Guid id)
{
    private const string Header = "X-Azure-FDID";

    private static readonly Problem Elsewhere = new(
        403, "forbidden", "This is not the way in", "This service is reached through its Front Door alone.");

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        return HealthPaths.Has(path)
            || (Guid.TryParse(context.Request.Headers[Header].ToString(), out var given) && given == id)
                ? next(context)
                : ProblemWriter.WriteAsync(context, Elsewhere);
    }
}
