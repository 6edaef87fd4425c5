using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Runtime.Consumers;
using Pipeline.Runtime.Engine;

namespace Pipeline.Monitoring.Metrics;

/// <summary>Reads every ten seconds how far named consumers have come, for the gauge of their lag.</summary>
internal sealed partial class ConsumerWatch(
    WatchedEngine watched, ConsumerGauges gauges, TimeProvider time, ILogger<ConsumerWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, time, stoppingToken);
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (watched.Engine.State == EngineState.Running)
            {
                gauges.Take(await new ConsumerStore(watched.Engine.Records).ListAllAsync(stoppingToken));
            }
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            Missed(log, fault);
        }
    }

    [LoggerMessage(LogLevel.Warning, "How far consumers have come could not be read")]
    private static partial void Missed(ILogger log, Exception fault);
}
