using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pipeline.Http.Problems;

/// <summary>
/// Gives every answer without a body (404, 405, 415 of the routing) a problem, and every exception that reached the
/// edge. A client that went away gets none.
/// </summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        BrowserHeaders.Set(context.Response.Headers);
        try
        {
            await next(context);
        }
        catch (Exception exception) when (IsGone(context, exception))
        {
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, exception);
            return;
        }

        var response = context.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentType is null)
        {
            await ProblemWriter.WriteAsync(context, OfStatus(context));
        }
    }

    private Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (exception is BadHttpRequestException bad)
        {
            return ProblemWriter.WriteAsync(context, ServerRefusals.Of(bad.StatusCode, bad.Message));
        }

        // What the server makes of a chunk's size that no number can hold.
        if (exception is IOException { InnerException: OverflowException })
        {
            return ProblemWriter.WriteAsync(context, Problem.Malformed("The size of a chunk of the body is no size."));
        }

        LogUnexpected(logger, context.Request.Method, context.Request.Path, exception);
        return ProblemWriter.WriteAsync(
            context, new Problem(500, "internal", "A mistake of the server", "It was logged; please report it."));
    }

    private static bool IsGone(HttpContext context, Exception exception) =>
        exception is ConnectionResetException
        || (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested);

    private static Problem OfStatus(HttpContext context)
    {
        var request = context.Request;
        return context.Response.StatusCode switch
        {
            404 => Problem.NotFound($"There is nothing at {request.Path}. GET /openapi/v1.json says what there is."),
            405 => new Problem(
                405,
                "method-not-allowed",
                "This method is not allowed here",
                $"{request.Path} does not take {request.Method}, but: {context.Response.Headers.Allow}."),
            415 => Problem.UnsupportedMediaType($"Content-Type '{request.ContentType}' is not understood here."),
            var status => new Problem(status, "http-" + status, "The request failed", $"Status {status}."),
        };
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed unexpectedly.")]
    private static partial void LogUnexpected(ILogger logger, string method, string path, Exception exception);
}
