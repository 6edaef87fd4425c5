using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Http.Access;
using Pipeline.Http.Api;

namespace Pipeline.Http.Telemetry;

/// <summary>Logs what operators change: each request that does, within its trace.</summary>
internal sealed partial class ChangeLog(ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("Pipeline.Changes");

    public void Log(ApiOperation operation, HttpContext context)
    {
        if (operation.Role == AccessRoles.Operator && !HttpMethods.IsGet(operation.Method))
        {
            Changed(_log, operation.Method, context.Request.Path, context.Response.StatusCode);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Method} {Path} was answered {Status}.")]
    private static partial void Changed(ILogger log, string method, string path, int status);
}
