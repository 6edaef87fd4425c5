using Pipeline.Replication.Records;
using Pipeline.Runtime.Engine;

namespace Pipeline.Monitoring.Alerts;

/// <summary>
/// Whether it is this host's turn to tell people of alerts. The hosts of a service share one record: who tells says in
/// it from time to time that it is there, and writes what it is about to say before it says it, so that whoever takes
/// its place goes on from there. Safe to use from any thread. Invariants:
/// <list type="bullet">
/// <item>Nothing is said that another host has written as said: the record changes only from what was read.</item>
/// <item>Without a majority of stores nobody takes another one's place, and who told tells on.</item>
/// <item>What was said and not written has the number that follows what was written: said twice, it is the same.</item>
/// </list>
/// </summary>
internal sealed class AlertTurn(WatchedEngine watched, AlertBoard board, AlertOptions options, TimeProvider time)
    : IDisposable
{
    /// <summary>Who tells says so often that it is there.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <summary>Who has not said so for so long is gone, by the clock of who waits.</summary>
    public static readonly TimeSpan Gone = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private const int Tries = 3;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Guid _me = Guid.NewGuid();
    private AlertLedger _ledger = AlertLedger.Empty;
    private string? _tag;
    private long? _moved;
    private long _written;
    private bool _isAhead;
    private IReadOnlyDictionary<string, AlertSaid> _saved = AlertLedger.Empty.Alerts;

    /// <summary>Whether this host tells.</summary>
    public bool IsMine { get; private set; }

    /// <summary>Brings up to date what was said, and whose turn it is. True: it has just become this host's.</summary>
    public Task<bool> TakeAsync(CancellationToken cancellationToken) =>
        InTurnAsync(() => IsMine ? BeatAsync(cancellationToken) : WaitAsync(cancellationToken), cancellationToken);

    /// <summary>Writes what the board is about to say; false: another host says it.</summary>
    public Task<bool> KeepAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            await SaveAsync(_me, cancellationToken);
            return IsMine;
        },
        cancellationToken);

    /// <summary>Reads what other hosts were told, as silences.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () => await ReadAsync(cancellationToken) is not null, cancellationToken);

    /// <summary>Writes a silence that the board has; false: who tells does not know of it.</summary>
    public Task<bool> TellAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            for (var i = 0; i < Tries; i++)
            {
                if (await ReadAsync(cancellationToken) is { } ledger
                    && await WriteAsync(ledger.Teller, cancellationToken) == RecordStatus.Done)
                {
                    return true;
                }
            }

            return IsMine;
        },
        cancellationToken);

    /// <summary>Lets another host tell at once.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            if (IsMine)
            {
                await SaveAsync(Guid.Empty, cancellationToken);
                IsMine = false;
            }

            return true;
        },
        cancellationToken);

    public void Dispose() => _gate.Dispose();

    private async Task<bool> InTurnAsync(Func<Task<bool>> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> BeatAsync(CancellationToken cancellationToken)
    {
        var said = board.Said;
        var isChanged = said.Count != _saved.Count
            || said.Any(one => _saved.GetValueOrDefault(one.Key) != one.Value);
        if (isChanged || (options.IsShared && time.GetElapsedTime(_written) >= Beat))
        {
            await SaveAsync(_me, cancellationToken);
        }

        return false;
    }

    /// <summary>Another host tells: is it there?</summary>
    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken) is not { } ledger)
        {
            return false;
        }

        if (_isAhead)
        {
            // What was said here and not written: whoever tells is to say when it is over.
            await WriteAsync(ledger.Teller, cancellationToken);
        }

        var isFree = !options.IsShared || ledger.Teller == Guid.Empty
            || (_moved is { } moved && time.GetElapsedTime(moved) >= Gone);
        if (isFree && options.Targets.Count > 0)
        {
            await WriteAsync(_me, cancellationToken);
        }

        return IsMine;
    }

    /// <summary>Writes what the board has as this host's, also where a silence came in between.</summary>
    private async Task SaveAsync(Guid teller, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Tries; i++)
        {
            var status = await WriteAsync(teller, cancellationToken);
            if (status != RecordStatus.Conflict || !IsMine)
            {
                return;
            }
        }
    }

    private async Task<AlertLedger?> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await AskAsync(
            static (records, stop) => records.ReadAsync(AlertLedger.RecordName, stop), cancellationToken);
        if (read is not { Status: RecordStatus.Done })
        {
            return null;
        }

        if (_moved is null || read.Tag != _tag)
        {
            Learn(read);
        }

        return _ledger;
    }

    private async Task<RecordStatus> WriteAsync(Guid teller, CancellationToken cancellationToken)
    {
        var said = board.Said;
        var next = new AlertLedger(teller, _ledger.Beat + 1, said);
        var outcome = await AskAsync(
            (records, stop) => records.WriteAsync(AlertLedger.RecordName, _tag, next.ToJson(), stop),
            cancellationToken);
        switch (outcome?.Status)
        {
            case RecordStatus.Done:
                (_ledger, _tag, _saved, _isAhead) = (next, outcome.Tag, said, false);
                _written = time.GetTimestamp();
                _moved = _written;
                IsMine = teller == _me;
                break;
            case RecordStatus.Conflict:
                Learn(outcome);
                break;
            default:
                // It may yet happen: the next one then finds another tag, and what is written as its own.
                break;
        }

        return outcome?.Status ?? RecordStatus.Unavailable;
    }

    /// <summary>The record is another one than was known.</summary>
    private void Learn(RecordOutcome outcome)
    {
        _tag = outcome.Tag;
        _ledger = AlertLedger.Read(outcome.Value);
        _moved = time.GetTimestamp();
        var isMine = _ledger.Teller == _me;
        _isAhead = board.Join(_ledger.Alerts, isOwn: isMine && IsMine) && !isMine;
        IsMine = isMine;
    }

    /// <summary>Null: nobody answers now.</summary>
    private async Task<RecordOutcome?> AskAsync(
        Func<IRecords, CancellationToken, ValueTask<RecordOutcome>> ask, CancellationToken cancellationToken)
    {
        if (watched.Engine.State != EngineState.Running)
        {
            return null;
        }

        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await ask(watched.Engine.Records, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
