using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Runtime.Engine;

namespace Pipeline.Monitoring.Alerts;

/// <summary>
/// Looks at all alerts every two seconds, logs what begins and ends, and, where it is this host's turn, has the targets
/// told.
/// </summary>
internal sealed partial class AlertWatch(
    WatchedEngine watched,
    AlertInputs inputs,
    AlertBoard board,
    AlertTurn turn,
    IReadOnlyList<AlertOutbox> outboxes,
    TimeProvider time,
    ILogger<AlertWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(2);

    private readonly string[] _targets = [.. outboxes.Select(static outbox => outbox.Target)];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(LeavePatience, time);
        try
        {
            await turn.LeaveAsync(limit.Token);
        }
        catch (Exception fault)
        {
            // Then another host waits until this one is gone.
            NotLeft(log, fault);
        }
    }

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
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
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
        foreach (var (rule, active) in board.Look(inputs))
        {
            if (active.Count > 0)
            {
                Firing(log, rule.Name, rule.Summary, active[0].Value.Value, active.Count);
            }
            else
            {
                Resolved(log, rule.Name);
            }
        }

        if (outboxes.Count > 0)
        {
            await TellAsync(stoppingToken);
        }
    }

    /// <summary>What is said is written first; what was written and not told is owed, whoever wrote it.</summary>
    private async Task TellAsync(CancellationToken stoppingToken)
    {
        if (await turn.TakeAsync(stoppingToken))
        {
            Tells(log);
        }

        if (turn.IsMine && board.Say(_targets).Count > 0)
        {
            await turn.KeepAsync(stoppingToken);
        }

        var owed = turn.IsMine ? board.Owed() : [];
        foreach (var outbox in outboxes)
        {
            if (!turn.IsMine)
            {
                outbox.Clear();
            }

            foreach (var (_, notice) in owed.Where(one => one.Target == outbox.Target))
            {
                outbox.Offer(notice);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The alert {Alert} fires: {Summary} The worst is {Value}, of {Count}.")]
    private static partial void Firing(ILogger log, string alert, string summary, double value, int count);

    [LoggerMessage(LogLevel.Information, "The alert {Alert} is over.")]
    private static partial void Resolved(ILogger log, string alert);

    [LoggerMessage(LogLevel.Information, "This host tells the targets of alerts from now on.")]
    private static partial void Tells(ILogger log);

    [LoggerMessage(LogLevel.Warning, "The alerts could not be looked at")]
    private static partial void Missed(ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Debug, "Nobody could be told that this host tells no more")]
    private static partial void NotLeft(ILogger log, Exception fault);
}
