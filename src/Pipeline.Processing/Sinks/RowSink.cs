using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages.Delivering;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Tracing;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// Writes one partition to a target that keeps rows and cursor together. Exactly once: the cursor that counts is the
/// target's, and only the last activation moves it. The checkpoint follows it, for retention and for changes of the
/// definition; its snapshot is the mark of the target that was written last.
/// </summary>
internal sealed class RowSink : IInstance, IDisposable
{
    private const int MostRetryDelays = 25;

    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(30);

    private readonly RowSinkSetup _setup;
    private readonly RowWriting _writing;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StageInstanceState _state = StageInstanceState.Paused;
    private StageInstanceStatus _status;
    private string? _error;
    private int _failures;
    private bool _isLost;
    private bool _isAtCut;
    private long? _cutFor;
    private long _cursor;
    private long _written;
    private long _refused;
    private long _readTime;
    private long _saveDue;
    private long _durableCursor = -1;
    private bool _isStarted;
    private bool _isStopping;

    public RowSink(RowSinkSetup setup)
    {
        _setup = setup;
        _writing = new RowWriting(setup, OnCommitted);
        _status = Describe();
    }

    /// <summary>It is in this process: what it says is as it is now.</summary>
    public StageInstanceStatus Status => Volatile.Read(ref _status).Against(_setup.Input.Status) with
    {
        Reported = Now,
    };

    public long? DurableCursor => Volatile.Read(ref _durableCursor) is >= 0 and var cursor ? cursor : null;

    public bool IsOvertaken => _state == StageInstanceState.Fenced;

    private bool IsOver => _isStopping || _isLost || _isAtCut || IsOvertaken || _cutFor is not null;

    private long Now => _setup.Loop.Time.GetUtcNow().UtcTicks;

    private long Elapsed => _setup.Loop.Time.GetElapsedTime(0).Ticks;

    public void Start() => _setup.Loop.Post(
        static self =>
        {
            var sink = (RowSink)self!;
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
                // What is under way is undone by the target, or done wholly: it needs no last checkpoint.
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
        try
        {
            if (await TryRecoverAsync())
            {
                await (_setup.Cut is null ? WorkAsync() : CutAsync());
            }
        }
        catch (SinkTargetException error)
        {
            Block(error.Message, error.NeedsPerson);
        }
        finally
        {
            await _setup.Target.LeaveAsync();
        }

        Publish();
        if (!IsOver)
        {
            await Task.Delay(
                _setup.Settings.RetryDelay * Math.Min(1 << Math.Min(_failures++, 10), MostRetryDelays),
                _setup.Loop.Time,
                _end.Token);
        }
    }

    /// <summary>For good: a person has to see to it.</summary>
    private void Lose(string reason) => (_state, _error, _isLost) = (StageInstanceState.Failed, reason, true);

    private void Block(string reason, bool needsPerson = false) =>
        (_state, _error) = (needsPerson ? StageInstanceState.Failed : StageInstanceState.Blocked, reason);

    private void Overtake() =>
        (_state, _error) = (StageInstanceState.Fenced, "a later activation of this sink is there");

    private async ValueTask<bool> TryRecoverAsync()
    {
        var activation = await _setup.Checkpoints.ActivateAsync(_setup.Term, _end.Token);
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

        var (epoch, saved) = (_setup.Checkpoints.Epoch.Value, _setup.Checkpoints.Durable.Cursor);
        if (!await TryOpenLettersAsync(epoch))
        {
            return false;
        }

        var isKnown = mark.Span.SequenceEqual(_setup.Target.Mark.Span);
        if (_setup.Cut is not null && !isKnown)
        {
            // Nothing of it can be there, so that its checkpoint says where it is cut, whether the target answers or
            // not.
            _cursor = saved;
            return true;
        }

        if (await _setup.Target.EnterAsync(new SinkEntrance(epoch, saved, isKnown), _end.Token) is not { } cursor)
        {
            Overtake();
            return false;
        }

        _cursor = cursor;
        if (!isKnown && !await TrySaveAsync())
        {
            return false;
        }

        Volatile.Write(ref _durableCursor, Math.Min(_setup.Checkpoints.Durable.Cursor, cursor));
        _error = null;
        return true;
    }

    private async ValueTask<bool> TryOpenLettersAsync(long epoch)
    {
        switch (await _setup.Letters.OpenAsync(epoch, _end.Token))
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

    /// <summary>The checkpoint says where the target is. False: it does not, or a later activation is there.</summary>
    private async ValueTask<bool> TrySaveAsync()
    {
        _saveDue = Elapsed + _setup.Settings.CheckpointInterval.Ticks;
        var cursor = Math.Max(_cursor, _setup.Checkpoints.Durable.Cursor);
        switch (await _setup.Checkpoints.WriteAsync(cursor, Now, _setup.Target.Mark, _end.Token))
        {
            case CheckpointReply.Written:
                Volatile.Write(ref _durableCursor, _cursor);
                return true;
            case CheckpointReply.Fenced:
                Overtake();
                return false;
            default:
                Block("the checkpoint cannot be written to a majority of stores");
                return false;
        }
    }

    private async Task CutAsync() =>
        _isAtCut = _cursor <= _setup.Checkpoints.Durable.Cursor || await TrySaveAsync();

    private async Task WorkAsync()
    {
        _state = StageInstanceState.Running;
        Publish();

        // A row that was refused, and whose letter was the last thing that the activation before wrote.
        if (_setup.Letters.Last == _cursor && !await TryWriteAsync([], _cursor + 1))
        {
            return;
        }

        LogPosition? after = null;
        while (true)
        {
            var isSaved = _cursor <= _setup.Checkpoints.Durable.Cursor;
            var read = await _setup.Input.ReadAsync(
                new ReadRequest
                {
                    From = new LogOffset(_cursor),
                    After = after,
                    MaxBytes = _setup.Settings.ReadBytes,
                    Wait = isSaved ? IdleWait : _setup.Settings.CheckpointInterval,
                },
                _end.Token);
            switch (read.Status)
            {
                case ReadStatus.Ok when read.Blocks.Count > 0:
                    after = read.Blocks[^1].Position;
                    if (!await TakeAsync(read.Blocks))
                    {
                        return;
                    }

                    break;
                case ReadStatus.Ok:
                    break;
                case ReadStatus.Trimmed:
                    if (!await TrySkipAsync(read.First.Value))
                    {
                        return;
                    }

                    after = null;
                    break;
                case ReadStatus.BeyondEnd:
                    Lose($"the target is at {_cursor}, beyond the end of {_setup.Input.Id} ({read.Committed})");
                    return;
                default:
                    await Task.Delay(_setup.Settings.RetryDelay, _setup.Loop.Time, _end.Token);
                    break;
            }

            if (_cursor > _setup.Checkpoints.Durable.Cursor && Elapsed >= _saveDue && !await TrySaveAsync())
            {
                return;
            }

            Publish();
        }
    }

    private async ValueTask<bool> TrySkipAsync(long first)
    {
        _error = $"events {_cursor} to {first - 1} were deleted by hard retention before they were written";
        return await TryWriteAsync([], first);
    }

    private async ValueTask<bool> TakeAsync(IReadOnlyList<LogBlock> blocks)
    {
        using var span = EventSpans.Process(_setup.Id.Stage, _setup.Input.Id, blocks);
        var rows = new List<SinkRow>();
        var next = _cursor;
        foreach (var block in blocks)
        {
            next = SinkRow.Add(block, next, rows);
        }

        return rows.Count == 0 || await TryWriteAsync(rows, next);
    }

    private async ValueTask<bool> TryWriteAsync(List<SinkRow> rows, long next)
    {
        if (await _writing.WriteAsync(rows, _cursor, next, _end.Token))
        {
            return true;
        }

        Overtake();
        return false;
    }

    private void OnCommitted(SinkBatch batch, bool isRefusal)
    {
        (_cursor, _failures) = (batch.Next, 0);
        _written += batch.Rows.Count;
        _refused += isRefusal ? 1 : 0;
        _readTime = batch.Rows.Count > 0 ? batch.Rows[^1].AcceptedTime : _readTime;
        Publish();
    }

    private void Publish() => Volatile.Write(ref _status, Describe());

    private StageInstanceStatus Describe()
    {
        var durable = _setup.Checkpoints.Durable;
        return new StageInstanceStatus
        {
            Stage = _setup.Id.Stage,
            Input = _setup.Input.Id.Stream.Value,
            Partition = _setup.Id.Partition,
            State = _state,
            Cursor = _cursor,
            ReadTime = _readTime,
            CheckpointCursor = durable.Time > 0 ? durable.Cursor : null,
            CheckpointTime = durable.Time > 0 ? durable.Time : null,
            CheckpointBytes = durable.Time > 0 ? _setup.Checkpoints.DurableBytes : null,
            Counts = new StageCounts(_written + _refused, _written, _refused, 0),
            CutFor = _cutFor,
            Error = _error,
        };
    }
}
