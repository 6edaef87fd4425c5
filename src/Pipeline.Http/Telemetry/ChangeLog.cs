using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Http.Access;
using Pipeline.Http.Api;

namespace Pipeline.Http.Telemetry;

/// <summary>Logs what operators change: each request that does, within its trace.</summary>
internal sealed partial class ChangeLog(ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("Pipeline.Changes");

    /// <summary>Runs the request, and logs how it was answered where it is one that changes something.</summary>
    public Task RunAsync(ApiOperation operation, HttpContext context) =>
        operation.Role == AccessRoles.Operator && !HttpMethods.IsGet(operation.Method)
            ? RunChangeAsync(operation, context)
            : RequestSpan.RunAsync(context, operation);

    private async Task RunChangeAsync(ApiOperation operation, HttpContext context)
    {
        await RequestSpan.RunAsync(context, operation);
        Changed(_log, operation.Method, context.Request.Path, context.Response.StatusCode);
    }

    [LoggerMessage(LogLevel.Information, "{Method} {Path} was answered {Status}.")]
    private static partial void Changed(ILogger log, string method, string path, int status);
}
