namespace Pipeline.Silo.Hosting;

/// <summary>What the host logs.</summary>
internal static partial class SiloLog
{
    [LoggerMessage(LogLevel.Error, "The loop {Loop} met an exception that nobody caught: a mistake of the program.")]
    public static partial void LogLoopFault(this ILogger logger, string loop, Exception fault);
}
