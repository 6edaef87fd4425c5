using Microsoft.Extensions.Logging;
using Pipeline.Replication.Partitions;

namespace Pipeline.Http.Telemetry;

/// <summary>Logs what happens to partitions; the console shows only what somebody should look at.</summary>
internal sealed partial class PartitionLog(ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("Pipeline.Partitions");

    public void Log(PartitionNotice notice)
    {
        switch (notice.Event)
        {
            case PartitionEvent.Serving:
                Serving(_log, $"{notice.Partition}");
                break;
            case PartitionEvent.StoreDropped:
                StoreDropped(_log, $"{notice.Partition}", notice.Detail);
                break;
            case PartitionEvent.Fenced:
                Fenced(_log, $"{notice.Partition}", notice.Detail);
                break;
            case PartitionEvent.Failed:
                Failed(_log, $"{notice.Partition}", notice.Detail);
                break;
            default:
                Alarm(_log, $"{notice.Partition}", notice.Detail);
                break;
        }
    }

    [LoggerMessage(LogLevel.Information, "{Partition} is served here.")]
    private static partial void Serving(ILogger log, string partition);

    [LoggerMessage(LogLevel.Warning, "{Partition} goes on without a store for now: {Detail}")]
    private static partial void StoreDropped(ILogger log, string partition, string? detail);

    [LoggerMessage(LogLevel.Warning, "{Partition} was taken over by another process: {Detail}")]
    private static partial void Fenced(ILogger log, string partition, string? detail);

    [LoggerMessage(LogLevel.Warning, "{Partition} failed, and is taken over anew: {Detail}")]
    private static partial void Failed(ILogger log, string partition, string? detail);

    [LoggerMessage(LogLevel.Critical, "{Partition} has stopped, a person must look: {Detail}")]
    private static partial void Alarm(ILogger log, string partition, string? detail);
}
