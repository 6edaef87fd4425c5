using Microsoft.Extensions.Logging;

namespace Pipeline.Grains.Restarts;

/// <summary>What <see cref="SiloDeath"/> logs.</summary>
internal static partial class SiloDeathLog
{
    [LoggerMessage(LogLevel.Error, "This silo cannot go on: {Reason}")]
    public static partial void LogDeath(this ILogger logger, string reason, Exception? fault);
}
