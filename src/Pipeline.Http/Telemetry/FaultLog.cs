using Microsoft.Extensions.Logging;
using Pipeline.Replication.Loops;

namespace Pipeline.Http.Telemetry;

/// <summary>Logs exceptions that nobody expected, each with what it ended.</summary>
internal sealed partial class FaultLog(ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("Pipeline.Faults");

    public void Log(Fault fault)
    {
        switch (fault.Source)
        {
            case FaultSource.Machine:
                Machine(_log, fault.Name, fault.Exception);
                break;
            case FaultSource.Job:
                Job(_log, fault.Name, fault.Exception);
                break;
            default:
                Loop(_log, fault.Name, fault.Exception);
                break;
        }
    }

    [LoggerMessage(LogLevel.Error, "The {Machine} met an exception that nobody expected: it has stopped.")]
    private static partial void Machine(ILogger log, string machine, Exception fault);

    [LoggerMessage(LogLevel.Error, "The job '{Job}' met an exception that nobody expected.")]
    private static partial void Job(ILogger log, string job, Exception fault);

    [LoggerMessage(LogLevel.Error, "The loop {Loop} met an exception that nobody caught: a mistake of the program.")]
    private static partial void Loop(ILogger log, string loop, Exception fault);
}
