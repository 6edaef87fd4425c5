using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Runtime.Engine;

namespace Pipeline.Monitoring.Alerts;

/// <summary>Looks at all alerts every two seconds, logs what begins and ends, and has the targets told.</summary>
internal sealed partial class AlertWatch(
    WatchedEngine watched,
    AlertInputs inputs,
    AlertBoard board,
    IReadOnlyList<AlertOutbox> outboxes,
    TimeProvider time,
    ILogger<AlertWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll([LookAsync(stoppingToken), .. outboxes.Select(one => one.RunAsync(stoppingToken))]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await LookOnceAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                Missed(log, fault);
            }

            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    /// <summary>Not before the engine has started: until then nothing is lost yet.</summary>
    private async Task LookOnceAsync(CancellationToken stoppingToken)
    {
        if (watched.Engine.State != EngineState.Running || !watched.IsHostReady)
        {
            return;
        }

        await watched.Engine.RefreshAsync(EngineQuestion.OfPipelines(null), stoppingToken);
        inputs.Look();
        foreach (var notice in board.Evaluate(inputs))
        {
            if (notice.IsFiring)
            {
                Firing(log, notice.Name, notice.Summary, notice.Value, notice.Count);
            }
            else
            {
                Resolved(log, notice.Name);
            }

            foreach (var outbox in outboxes)
            {
                outbox.Put(notice);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The alert {Alert} fires: {Summary} The worst is {Value}, of {Count}.")]
    private static partial void Firing(ILogger log, string alert, string summary, double value, int count);

    [LoggerMessage(LogLevel.Information, "The alert {Alert} is over.")]
    private static partial void Resolved(ILogger log, string alert);

    [LoggerMessage(LogLevel.Warning, "The alerts could not be looked at")]
    private static partial void Missed(ILogger log, Exception fault);
}
