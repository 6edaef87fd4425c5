using Pipeline.Http.Tests.Connections;
using Pipeline.Monitoring;
using Pipeline.Monitoring.Alerts;
using Pipeline.TestKit.Records;

namespace Pipeline.Http.Tests.Alerts;

/// <summary>A host of several that look at one alert; what it sends arrives, unless it is told otherwise.</summary>
internal sealed class TellingHost : IDisposable
{
    public const string Alert = "lag";

    private static readonly string[] Targets = ["hook"];

    private readonly AlertBoard _board;

    public TellingHost(KeptRecords records, HandClock clock)
    {
        var rule = new AlertRule(
            Alert, "warning", 10, TimeSpan.Zero, "Lag.", _ => Value is { } value ? [new AlertValue([], value)] : []);
        var options = new AlertOptions
        {
            IsShared = true,
            Targets = [new AlertTarget("hook", new Uri("http://127.0.0.1:1"), AlertFormat.Generic, null)],
        };
        _board = new AlertBoard([rule], clock);
        Turn = new AlertTurn(new WatchedEngine(new RecordsEngine(records)), _board, options, clock);
    }

    public AlertTurn Turn { get; }

    /// <summary>What this host sees; null: nothing.</summary>
    public double? Value { get; set; }

    public bool Arrives { get; set; } = true;

    /// <summary>What it sent, as "lag-1 firing".</summary>
    public List<string> Sent { get; } = [];

    /// <summary>One round, as the watch does it.</summary>
    public async Task LookAsync()
    {
        await Turn.TakeAsync(CancellationToken.None);
        _board.Look(null!);
        if (Turn.IsMine && _board.Say(Targets).Count > 0)
        {
            await Turn.KeepAsync(CancellationToken.None);
        }

        foreach (var (target, notice) in Turn.IsMine && Arrives ? _board.Owed() : [])
        {
            Sent.Add($"{notice.Id} {(notice.IsFiring ? "firing" : "resolved")}");
            _board.Note(notice, new AlertDelivery(1, target, notice.IsFiring, null));
        }
    }

    public Task<bool> SilenceAsync(TimeSpan duration)
    {
        _board.TrySilence(Alert, duration, out _);
        return Turn.TellAsync(CancellationToken.None);
    }

    public void Dispose() => Turn.Dispose();
}
