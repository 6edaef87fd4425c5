using Microsoft.Extensions.Logging;

namespace Pipeline.Grains.Calls;

/// <summary>What <see cref="EndlessLoop"/> logs.</summary>
internal static partial class EndlessLoopLog
{
    [LoggerMessage(LogLevel.Warning, "A turn failed, and is repeated: a mistake of the program, or another version.")]
    public static partial void LogTurn(this ILogger logger, Exception fault);
}
