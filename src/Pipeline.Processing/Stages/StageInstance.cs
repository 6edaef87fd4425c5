using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;

namespace Pipeline.Processing.Stages;

/// <summary>
/// One stage instance on this host: starts, recovers, works, ends; says how it is. Lives on one loop. After a failure
/// or a fence nothing is read, sent or written any more.
/// </summary>
internal sealed class StageInstance : IInstance, IDisposable
{
    private readonly StageSetup _setup;
    private readonly long _made;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _stopReading = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LoopSignal _progress = new();
    private StageWork? _work;
    private StageInstanceState _state = StageInstanceState.Paused;
    private StageInstanceStatus _status;
    private string? _error;
    private string? _waits;
    private string? _waitsToWrite;
    private string? _waitsToRead;
    private long? _cutFor;
    private bool _isStarted;
    private long _durableCursor = -1;
    private long _catchUpTo;

    public StageInstance(StageSetup setup)
    {
        _setup = setup;
        _made = setup.Loop.Time.GetTimestamp();
        _status = Describe();
    }

    /// <summary>It is in this process: what it says is as it is now.</summary>
    public StageInstanceStatus Status => Volatile.Read(ref _status).Against(_setup.Input.Status) with
    {
        Reported = Now,
    };

    public long? DurableCursor => Volatile.Read(ref _durableCursor) is >= 0 and var cursor ? cursor : null;

    public bool IsOvertaken { get; private set; }

    internal bool HasEnded => _end.IsCancellationRequested;

    internal CancellationToken Ended => _end.Token;

    internal bool IsStopping { get; private set; }

    internal CancellationToken ReadingEnded => _stopReading.Token;

    /// <summary>UTC, for people: it may jump.</summary>
    internal long Now => _setup.Loop.Time.GetUtcNow().UtcTicks;

    /// <summary>Ticks since the instance was made: for all that falls due.</summary>
    internal long Elapsed => _setup.Loop.Time.GetElapsedTime(_made).Ticks;

    public void Start() => _setup.Loop.Post(
        static self =>
        {
            var instance = (StageInstance)self!;
            instance._isStarted = true;
            instance._state = StageInstanceState.Starting;
            instance.Publish();
            LoopTasks.Start(instance.RunAsync, instance.OnFault);
        },
        this);

    public Task EndedAsync() => _ended.Task;

    public async ValueTask<bool> StopAsync(bool withCheckpoint, CancellationToken cancellationToken)
    {
        using var giveUp = cancellationToken.Register(
            static self => ((StageInstance)self!).PostEnd(), this);
        _setup.Loop.Post(self => ((StageInstance)self!).BeginStop(withCheckpoint), this);
        await _ended.Task;
        return _state == StageInstanceState.Paused;
    }

    /// <summary>Another one is made to be cut: see <see cref="ReactivatedInstance"/>.</summary>
    public ValueTask<CutResult> CutAsync(CutOrder order, CancellationToken cancellationToken) =>
        throw new NotSupportedException("one activation of a stage is not cut: another is made for that");

    public void Dispose()
    {
        _end.Dispose();
        _stopReading.Dispose();
    }

    /// <summary>Tells the readers of the outputs not to wait for this instance, which never had input.</summary>
    public void Leave() => _setup.Loop.Post(static self => ((StageInstance)self!)._work?.Leave(), this);

    /// <summary>Its snapshot is to be written again: the stores have changed.</summary>
    public void Renew() => _setup.Loop.Post(static self => ((StageInstance)self!)._work?.Renew(), this);

    /// <summary>Somebody may read its outputs now who did not before.</summary>
    public void SeeTo() => _setup.Loop.Post(static self => ((StageInstance)self!)._work?.SeeTo(), this);

    /// <summary>The next thing that happens: a part committed, a checkpoint written, the end.</summary>
    internal Task NextProgressAsync() => _progress.WaitAsync();

    internal void Progressed() => _progress.Set();

    /// <summary>Says what it waits for; null: it goes on.</summary>
    internal void Waits(string? reason) => Say(ref _waits, reason);

    /// <summary>Says why its checkpoint cannot be written; null: it was.</summary>
    internal void WaitsToWrite(string? reason) => Say(ref _waitsToWrite, reason);

    /// <summary>Says why its input cannot be read; null: it can.</summary>
    internal void WaitsToRead(string? reason) => Say(ref _waitsToRead, reason);

    /// <summary>Says what went wrong for good, though it goes on.</summary>
    internal void Reports(string error)
    {
        _error = error;
        Publish();
    }

    internal void Checkpointed(long cursor) => Volatile.Write(ref _durableCursor, cursor);

    internal Task PauseAsync() => Task.Delay(_setup.Settings.RetryDelay, _setup.Loop.Time, _end.Token);

    /// <summary>Something was thrown that nobody expected: it fails, unless that was its own end.</summary>
    internal void Fault(string doing, Exception error)
    {
        if (!HasEnded || error is not OperationCanceledException)
        {
            _setup.Loop.Supervisor.Tell(new Fault(
                FaultSource.Machine, "stage", $"stage {_setup.Id.Stage}, partition {_setup.Id.Partition}", error));
            Fail($"{doing}: {error.Message}");
        }
    }

    internal void Fail(string reason) => End(StageInstanceState.Failed, reason);

    /// <summary>A later generation is there: this one is over.</summary>
    internal void Fence(string reason) => End(StageInstanceState.Fenced, reason);

    /// <summary>A change of the definition was here: not under this term any more.</summary>
    internal void EndAsCut(long term)
    {
        _cutFor = term;
        End(StageInstanceState.Starting, "it was cut for a change of the definition that did not come into force yet");
    }

    internal void Overtake()
    {
        IsOvertaken = true;
        End(StageInstanceState.Fenced, "a later activation of this stage wrote its checkpoint");
    }

    internal void Publish() => Volatile.Write(ref _status, Describe());

    private void PostEnd() => _setup.Loop.Post(
        static self => ((StageInstance)self!).End(StageInstanceState.Starting, null), this);

    private void BeginStop(bool withCheckpoint)
    {
        IsStopping = true;
        if (!_isStarted)
        {
            End(StageInstanceState.Paused, null);
            _ended.TrySetResult();
        }
        else if (!withCheckpoint)
        {
            End(StageInstanceState.Starting, null);
        }

        _stopReading.Cancel();
        _progress.Set();
    }

    private void End(StageInstanceState state, string? reason)
    {
        if (_end.IsCancellationRequested)
        {
            return;
        }

        (_state, _error) = (state, reason ?? _error);
        Publish();
        _end.Cancel();
        _stopReading.Cancel();
        _progress.Set();
    }

    private async Task RunAsync()
    {
        try
        {
            while (!IsStopping && !HasEnded && (_work = await StageWork.TryRecoverAsync(this, _setup)) is null)
            {
                await PauseAsync();
            }

            if (_work is not null && !HasEnded)
            {
                (_state, _error, _waits) = (StageInstanceState.CatchingUp, null, null);
                _catchUpTo = _setup.Input.Status.Committed.Value;
                Publish();
                await _work.ReadAllAsync();
                await _work.FlushAsync();
            }

            if (!HasEnded)
            {
                End(StageInstanceState.Paused, null);
            }
        }
        catch (OperationCanceledException) when (HasEnded)
        {
            // Ended from outside, by a failure or by a fence: the state says which.
        }

        _ended.TrySetResult();
    }

    /// <summary>Whatever it was, also memory that ran out: it ends here, and says so.</summary>
    private void OnFault(Exception error)
    {
        Fault(error.GetType().Name, error);
        _ended.TrySetResult();
    }

    private StageInstanceStatus Describe()
    {
        var durable = _setup.Checkpoints.Durable;
        var machine = _work?.Machine;
        var cursor = machine?.Cursor.Offset ?? durable.Cursor;
        var counters = machine?.Counters ?? default;
        var waits = _waits ?? _waitsToWrite ?? _waitsToRead;
        return new StageInstanceStatus
        {
            Stage = _setup.Id.Stage,
            Input = _setup.Input.Id.Stream.Value,
            Partition = _setup.Id.Partition,
            State = StateNow(cursor, waits is not null),
            CutFor = _cutFor,
            Cursor = cursor,
            ReadTime = machine?.AcceptedTime ?? 0,
            Watermark = machine is null || machine.Watermark == long.MinValue ? null : machine.Watermark,
            CheckpointCursor = durable.Time > 0 ? durable.Cursor : null,
            CheckpointTime = durable.Time > 0 ? durable.Time : null,
            CheckpointBytes = durable.Time > 0 ? _setup.Checkpoints.DurableBytes : null,
            Counts = new StageCounts(counters.Read, counters.Written, counters.DeadLetters, counters.Late),
            Error = _error ?? waits,
        };
    }

    /// <summary>At once: without further input nothing else would say it before the next checkpoint.</summary>
    private void Say(ref string? waits, string? reason)
    {
        if (waits != reason)
        {
            waits = reason;
            Publish();
        }
    }

    private StageInstanceState StateNow(long cursor, bool waits) => _state switch
    {
        StageInstanceState.CatchingUp or StageInstanceState.Running when waits => StageInstanceState.Blocked,
        StageInstanceState.CatchingUp when cursor >= _catchUpTo => StageInstanceState.Running,
        _ => _state,
    };
}
