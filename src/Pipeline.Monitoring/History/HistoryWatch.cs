using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Runtime.Engine;

namespace Pipeline.Monitoring.History;

/// <summary>Samples every five seconds, whether somebody looks or not.</summary>
internal sealed partial class HistoryWatch(
    WatchedEngine watched, HistorySampler sampler, TimeProvider time, ILogger<HistoryWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await SampleAsync(stoppingToken);
                await Task.Delay(UntilNext(), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>To the middle of the next slot: a timer that is early or late neither misses nor repeats one.</summary>
    private TimeSpan UntilNext()
    {
        var slot = HistoryRing.Interval.Ticks;
        return new TimeSpan(slot - (time.GetUtcNow().UtcTicks % slot) + (slot / 2));
    }

    /// <summary>A sample that fails is a gap in a plot; nothing else depends on it.</summary>
    private async Task SampleAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (watched.Engine.State == EngineState.Running)
            {
                await watched.Engine.RefreshAsync(EngineQuestion.OfPipelines(null), cancellationToken);
            }

            sampler.Sample();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Missed(log, fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The history has a gap: it could not be said how things are")]
    private static partial void Missed(ILogger log, Exception fault);
}
