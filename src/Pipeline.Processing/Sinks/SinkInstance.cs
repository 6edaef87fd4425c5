using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages.Delivering;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Tracing;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// A sink over one partition, whatever it writes to: takes its place, reads on from there, and begins anew after
/// whatever somebody can mend, saying what it is. One that was overtaken, cut or lost ends. On the sinks' loop but for
/// what says so.
/// </summary>
internal abstract class SinkInstance : IInstance, IDisposable
{
    private const int MostRetryDelays = 25;

    private readonly SinkSetup _setup;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StageInstanceState _state = StageInstanceState.Paused;
    private StageInstanceStatus _status;
    private string? _error;
    private int _failures;
    private bool _isLost;
    private bool _isAtCut;
    private long? _cutFor;
    private long _durableCursor = -1;
    private bool _isStarted;
    private bool _isStopping;

    protected SinkInstance(SinkSetup setup)
    {
        _setup = setup;
        _status = Describe(default, 0);
    }

    /// <summary>It is in this process: what it says is as it is now. From any thread.</summary>
    public StageInstanceStatus Status => Volatile.Read(ref _status).Against(_setup.Input.Status) with
    {
        Reported = Now,
    };

    /// <summary>From any thread.</summary>
    public long? DurableCursor => Volatile.Read(ref _durableCursor) is >= 0 and var cursor ? cursor : null;

    public bool IsOvertaken => _state == StageInstanceState.Fenced;

    /// <summary>The next event to take.</summary>
    protected long Cursor { get; set; }

    /// <summary>Cancelled when it is asked to stop.</summary>
    protected CancellationToken Ending => _end.Token;

    /// <summary>Ticks by a clock that does not jump: for all that falls due.</summary>
    protected long Elapsed => _setup.Loop.Time.GetElapsedTime(0).Ticks;

    /// <summary>What the checkpoint keeps beside the cursor.</summary>
    protected virtual ReadOnlyMemory<byte> Mark => default;

    protected abstract StageCounts Counts { get; }

    /// <summary>When the newest event that is in the target was accepted, ticks UTC; 0: not known.</summary>
    protected virtual long ReadTime => 0;

    /// <summary>How long a read may wait for events.</summary>
    protected abstract TimeSpan Wait { get; }

    private bool IsOver => _isStopping || _isLost || _isAtCut || IsOvertaken || _cutFor is not null;

    /// <summary>UTC, for people: it may jump.</summary>
    private long Now => _setup.Loop.Time.GetUtcNow().UtcTicks;

    public void Start() => _setup.Loop.Post(
        static self =>
        {
            var sink = (SinkInstance)self!;
            sink._isStarted = true;
            sink._state = StageInstanceState.Starting;
            sink.Publish();
            LoopTasks.Start(sink.RunAsync, sink.OnFault);
        },
        this);

    public Task EndedAsync() => _ended.Task;

    public async ValueTask<bool> StopAsync(bool withCheckpoint, CancellationToken cancellationToken)
    {
        _setup.Loop.Post(
            _ =>
            {
                // What is under way is read again, or is in the target wholly: it needs no last checkpoint.
                _isStopping = true;
                _end.Cancel();
                if (!_isStarted)
                {
                    _state = StageInstanceState.Paused;
                    Publish();
                    _ended.TrySetResult();
                }
            },
            null);
        await _ended.Task;
        return !_isLost;
    }

    /// <summary>Another one is made to be cut: see <see cref="ReactivatedInstance"/>.</summary>
    public ValueTask<CutResult> CutAsync(CutOrder order, CancellationToken cancellationToken) =>
        throw new NotSupportedException("one activation of a sink is not cut: another is made for that");

    public void Dispose() => _end.Dispose();

    /// <summary>
    /// Takes the target over and sets <see cref="Cursor"/> to where it is; false where it is held up, which
    /// <see cref="Block"/>, <see cref="Refuse"/> or <see cref="Overtake"/> said.
    /// </summary>
    /// <param name="mark">What the checkpoint kept beside its cursor.</param>
    protected abstract ValueTask<bool> TryEnterAsync(ReadOnlyMemory<byte> mark);

    /// <summary>Before the first read; false: something is in the way.</summary>
    protected virtual ValueTask<bool> PrepareAsync() => ValueTask.FromResult(true);

    /// <summary>Takes what was read; false: it is to enter anew.</summary>
    protected abstract ValueTask<bool> TakeAsync(IReadOnlyList<LogBlock> blocks);

    /// <summary>Goes on at a later event, since those before are gone; false: it is to enter anew.</summary>
    protected abstract ValueTask<bool> SkipAsync(long first);

    /// <summary>Between reads: what falls due; false: it is to enter anew.</summary>
    protected abstract ValueTask<bool> CheckAsync();

    /// <summary>Lets go of the target.</summary>
    protected virtual ValueTask LeaveAsync() => default;

    /// <summary>What a thrown exception says of the target; null: nobody expected it.</summary>
    protected abstract (StageInstanceState State, string Reason)? Explain(Exception error);

    /// <summary>Why a target that is ahead of its stream is not this stream's.</summary>
    protected abstract string Beyond(LogOffset committed);

    /// <summary>It waits, and goes on by itself.</summary>
    protected void Block(string reason) => (_state, _error) = (StageInstanceState.Blocked, reason);

    /// <summary>Somebody has to see to it; it tries again.</summary>
    protected void Refuse(string reason) => (_state, _error) = (StageInstanceState.Failed, reason);

    /// <summary>What held it up is over.</summary>
    protected void Resume() => (_state, _error) = (StageInstanceState.Running, null);

    protected void Overtake() =>
        (_state, _error) = (StageInstanceState.Fenced, "a later activation of this sink is there");

    /// <summary>Something was written: the next trouble is waited for as the first.</summary>
    protected void Succeed() => _failures = 0;

    protected void Publish() => Volatile.Write(ref _status, Describe(Counts, ReadTime));

    /// <summary>What is surely in the target.</summary>
    protected void Reach(long cursor) => Volatile.Write(ref _durableCursor, cursor);

    /// <summary>The checkpoint says where the target is, or that a later activation is there.</summary>
    protected async ValueTask<CheckpointReply> SaveAsync()
    {
        var cursor = Math.Max(Cursor, _setup.Checkpoints.Durable.Cursor);
        var reply = await _setup.Checkpoints.WriteAsync(cursor, Now, Mark, Ending);
        if (reply == CheckpointReply.Written)
        {
            Reach(Cursor);
        }
        else if (reply == CheckpointReply.Fenced)
        {
            Overtake();
        }

        return reply;
    }

    /// <summary>The same, where nothing goes on without it.</summary>
    protected async ValueTask<bool> TrySaveAsync()
    {
        var reply = await SaveAsync();
        if (reply is not (CheckpointReply.Written or CheckpointReply.Fenced))
        {
            Block("the checkpoint cannot be written to a majority of stores");
        }

        return reply == CheckpointReply.Written;
    }

    /// <summary>Takes the dead letters over; false where it is held up.</summary>
    protected async ValueTask<bool> TryOpenAsync(SinkLetters letters)
    {
        switch (await letters.OpenAsync(_setup.Checkpoints.Epoch.Value, Ending))
        {
            case AppendStatus.Appended or AppendStatus.Duplicate:
                return true;
            case AppendStatus.ProducerFenced:
                Overtake();
                return false;
            default:
                Block("the stream of dead letters does not answer");
                return false;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (!IsOver)
            {
                await AttemptAsync();
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Asked to stop.
        }

        End();
    }

    private void OnFault(Exception error)
    {
        Lose($"{error.GetType().Name}: {error.Message}");
        _setup.Loop.Supervisor.Tell(new Fault(
            FaultSource.Machine, "sink", $"sink {_setup.Id.Stage}, partition {_setup.Id.Partition}", error));
        End();
    }

    /// <summary>For good: a person has to see to it.</summary>
    private void Lose(string reason) => (_state, _error, _isLost) = (StageInstanceState.Failed, reason, true);

    /// <summary>One that was to be cut is paused only where it is at the cut.</summary>
    private void End()
    {
        var isHeldUp = _state is StageInstanceState.Running or StageInstanceState.Blocked or StageInstanceState.Failed;
        if (_isAtCut || (_setup.Cut is null && isHeldUp && !_isLost && _cutFor is null))
        {
            _state = StageInstanceState.Paused;
        }

        Publish();
        _ended.TrySetResult();
    }

    /// <summary>From the target's cursor on, until something goes wrong; it says what, and tries again.</summary>
    private async Task AttemptAsync()
    {
        var isAtOnce = false;
        try
        {
            if (await TryRecoverAsync())
            {
                _error = null;
                isAtOnce = await (_setup.Cut is null ? WorkAsync() : CutAsync());
            }
        }
        catch (Exception error) when (Explain(error) is { } said)
        {
            (_state, _error) = said;
        }
        finally
        {
            await LeaveAsync();
        }

        Publish();
        if (!isAtOnce && !IsOver)
        {
            await Task.Delay(
                _setup.Settings.RetryDelay * Math.Min(1 << Math.Min(_failures++, 10), MostRetryDelays),
                _setup.Loop.Time,
                Ending);
        }
    }

    private async ValueTask<bool> TryRecoverAsync()
    {
        var activation = await _setup.Checkpoints.ActivateAsync(_setup.Term, Ending);
        if (activation.Refused is { } term)
        {
            _cutFor = term;
            _error = "it was cut for a change of the definition that did not come into force yet";
            return false;
        }

        if (activation.Snapshot is not { } mark)
        {
            Block("the checkpoint cannot be read from a majority of stores");
            return false;
        }

        return await TryEnterAsync(mark);
    }

    /// <summary>The checkpoint says where the target is, so that another one begins there.</summary>
    private async Task<bool> CutAsync()
    {
        _isAtCut = Cursor <= _setup.Checkpoints.Durable.Cursor || await TrySaveAsync();
        return false;
    }

    /// <summary>True where it is to enter anew at once; false where it is held up, or has ended.</summary>
    private async Task<bool> WorkAsync()
    {
        // Before the first read, which waits long where there are no events.
        _state = StageInstanceState.Running;
        Publish();
        var goesOn = await PrepareAsync();
        for (LogPosition? after = null; goesOn; Publish())
        {
            var read = await _setup.Input.ReadAsync(
                new ReadRequest
                {
                    From = new LogOffset(Cursor),
                    After = after,
                    MaxBytes = _setup.Settings.ReadBytes,
                    Wait = Wait,
                },
                Ending);
            switch (read.Status)
            {
                case ReadStatus.Ok when read.Blocks.Count > 0:
                    after = read.Blocks[^1].Position;
                    using (EventSpans.Process(_setup.Id.Stage, _setup.Input.Id, read.Blocks))
                    {
                        goesOn = await TakeAsync(read.Blocks);
                    }

                    break;
                case ReadStatus.Ok:
                    break;
                case ReadStatus.Trimmed:
                    _error = $"events {Cursor} to {read.First.Value - 1} were deleted by hard retention before they "
                        + "were written";
                    after = null;
                    goesOn = await SkipAsync(read.First.Value);
                    break;
                case ReadStatus.BeyondEnd:
                    Lose(Beyond(read.Committed));
                    return false;
                default:
                    await Task.Delay(_setup.Settings.RetryDelay, _setup.Loop.Time, Ending);
                    break;
            }

            goesOn = goesOn && await CheckAsync();
        }

        return _state == StageInstanceState.Running;
    }

    private StageInstanceStatus Describe(StageCounts counts, long readTime)
    {
        var durable = _setup.Checkpoints.Durable;
        return new StageInstanceStatus
        {
            Stage = _setup.Id.Stage,
            Input = _setup.Input.Id.Stream.Value,
            Partition = _setup.Id.Partition,
            State = _state,
            Cursor = Cursor,
            ReadTime = readTime,
            CheckpointCursor = durable.Time > 0 ? durable.Cursor : null,
            CheckpointTime = durable.Time > 0 ? durable.Time : null,
            CheckpointBytes = durable.Time > 0 ? _setup.Checkpoints.DurableBytes : null,
            Counts = counts,
            CutFor = _cutFor,
            Error = _error,
        };
    }
}
