using Microsoft.AspNetCore.Http;
using Pipeline.Http.Access;
using Pipeline.Http.Problems;
using Pipeline.Http.Seats;

namespace Pipeline.Http.Connections;

/// <summary>Tells a connection's seat when a request runs on it, and lets through what it is for.</summary>
internal sealed class SeatMiddleware(RequestDelegate next)
{
    private static readonly Problem TooMany = new(
        503, "too-many-connections", "There are too many connections", "Close some, or send it again later.")
    {
        RetryAfter = 1,
    };

    private static readonly Problem HealthOnly = Problem.NotFound(
        $"This port answers {string.Join(", ", HealthPaths.All)} alone.");

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<ConnectionSeat>() is not { } seat)
        {
            await next(context);
            return;
        }

        seat.Begin();
        try
        {
            await RunAsync(context, seat.Kind);
        }
        finally
        {
            seat.End();
        }
    }

    private Task RunAsync(HttpContext context, SeatKind kind)
    {
        if (kind == SeatKind.Reserve)
        {
            context.Response.Headers.Connection = "close";
        }

        return kind == SeatKind.Usual || HealthPaths.Has(context.Request.Path)
            ? next(context)
            : ProblemWriter.WriteAsync(context, kind == SeatKind.Reserve ? TooMany : HealthOnly);
    }
}
