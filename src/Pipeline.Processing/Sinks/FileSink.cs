using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages.Delivering;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Tracing;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// Writes one partition to files. Exactly once: a file is published whole and never replaced, its name says where it
/// begins and its lines where it ends, so the cursor after a crash is the larger of the checkpoint and the end of the
/// last visible file; a claim in the directory makes sure that these are its own. Whoever consumes the files may take
/// them away once a later one is there.
/// </summary>
internal sealed class FileSink : IInstance, IDisposable
{
    private const int MostRetryDelays = 25;

    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(30);

    private readonly FileSinkSetup _setup;
    private readonly SinkLines _lines = new();
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StageInstanceState _state = StageInstanceState.Paused;
    private StageInstanceStatus _status;
    private string _path = "";
    private string? _error;
    private int _failures;
    private bool _isLost;
    private long? _cutFor;
    private long _cursor;
    private long _first;
    private long _position;
    private long _opened;
    private long _read;
    private long _durableCursor = -1;
    private bool _isStarted;
    private bool _isStopping;

    public FileSink(FileSinkSetup setup)
    {
        _setup = setup;
        _status = Describe();
    }

    /// <summary>It is in this process: what it says is as it is now.</summary>
    public StageInstanceStatus Status => Volatile.Read(ref _status).Against(_setup.Input.Status) with
    {
        Reported = Now,
    };

    public long? DurableCursor => Volatile.Read(ref _durableCursor) is >= 0 and var cursor ? cursor : null;

    public bool IsOvertaken => _state == StageInstanceState.Fenced;

    /// <summary>UTC, for people: it may jump.</summary>
    private long Now => _setup.Loop.Time.GetUtcNow().UtcTicks;

    /// <summary>Ticks by a clock that does not jump: for all that falls due.</summary>
    private long Elapsed => _setup.Loop.Time.GetElapsedTime(0).Ticks;

    private bool HasFile => _cursor > _first;

    public void Start() => _setup.Loop.Post(
        static self =>
        {
            var sink = (FileSink)self!;
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
                // What is not published yet is read again: a file on the way needs no last checkpoint.
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
            while (!_isStopping && !_isLost && _state != StageInstanceState.Fenced && _cutFor is null)
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
        var isHeldUp = _state == StageInstanceState.Failed && !_isLost;
        var isAtRest = _cutFor is null && _state is StageInstanceState.Running or StageInstanceState.Blocked;
        _state = _setup.Cut is null && (isHeldUp || isAtRest) ? StageInstanceState.Paused : _state;
        Publish();
        _ended.TrySetResult();
    }

    /// <summary>
    /// From the durable cursor on, until something goes wrong that somebody can mend: a full disk (it is blocked), a
    /// directory that another sink has (it has failed). It says why, and tries again.
    /// </summary>
    private async Task AttemptAsync()
    {
        try
        {
            if (await TryRecoverAsync())
            {
                if (_setup.Cut is not null)
                {
                    await CutAsync();
                    return;
                }

                // Before the first read, which waits long where there are no events.
                _state = StageInstanceState.Running;
                Publish();
                if (await WorkAsync())
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            (_state, _error) = (StageInstanceState.Blocked, SinkDirectories.Shown(_setup.Files, error.Message));
        }

        if (_cutFor is not null)
        {
            return;
        }

        Publish();
        await Task.Delay(
            _setup.Settings.RetryDelay * Math.Min(1 << Math.Min(_failures++, 10), MostRetryDelays),
            _setup.Loop.Time,
            _end.Token);
    }

    /// <summary>For good: a person has to see to it.</summary>
    private void Lose(string reason) => (_state, _error, _isLost) = (StageInstanceState.Failed, reason, true);

    private void Refuse(string reason) => (_state, _error) = (StageInstanceState.Failed, reason);

    private async ValueTask<bool> TryRecoverAsync()
    {
        var activation = await _setup.Checkpoints.ActivateAsync(_setup.Term, _end.Token);
        if (activation.Refused is { } term)
        {
            _cutFor = term;
            _error = "it was cut for a change of the definition that did not come into force yet";
            return false;
        }

        if (activation.Snapshot is null)
        {
            _error = "the checkpoint cannot be read from a majority of stores";
            return false;
        }

        var cursor = _setup.Checkpoints.Durable.Cursor;
        Volatile.Write(ref _durableCursor, cursor);
        var (directory, refusal) = await SinkEntry.EnterAsync(_setup, cursor, _end.Token);
        if (directory is null)
        {
            Refuse(refusal!);
            Begin(cursor);

            // None of its files can be there, so that its checkpoint says where it is cut.
            return _setup.Cut is not null;
        }

        _path = directory;
        var last = -1L;
        foreach (var name in await _setup.Directory.ListAsync(_path, _end.Token))
        {
            if (SinkFileName.TryParse(name, _setup.Id.Partition, out var first))
            {
                last = Math.Max(last, first);
            }
        }

        if (last >= 0)
        {
            var name = SinkFileName.Of(_setup.Id.Partition, last);
            cursor = Math.Max(cursor, last + await _setup.Directory.CountLinesAsync(_path, name, _end.Token));
        }

        // What was read and not published is read again, and counts once.
        _read -= Math.Min(_read, Math.Max(0, _cursor - cursor));
        Begin(cursor);
        _error = null;
        Publish();
        return true;
    }

    /// <summary>The checkpoint says where the visible files end, so that files elsewhere begin there.</summary>
    private async ValueTask CutAsync()
    {
        while (_cursor > _setup.Checkpoints.Durable.Cursor)
        {
            switch (await _setup.Checkpoints.WriteAsync(_cursor, Now, default, _end.Token))
            {
                case CheckpointReply.Written:
                    Volatile.Write(ref _durableCursor, _cursor);
                    break;
                case CheckpointReply.Fenced:
                    (_state, _error) = (StageInstanceState.Fenced, "a later activation of this sink is there");
                    return;
                default:
                    await Task.Delay(_setup.Settings.RetryDelay, _setup.Loop.Time, _end.Token);
                    break;
            }
        }

        (_state, _isStopping) = (StageInstanceState.Paused, true);
    }

    private void Begin(long cursor)
    {
        _lines.Clear();
        (_cursor, _first, _position, _opened) = (cursor, cursor, 0, 0);
    }

    /// <summary>True where it is to recover and go on at once; false where it is held up.</summary>
    private async Task<bool> WorkAsync()
    {
        LogPosition? after = null;
        while (true)
        {
            var read = await _setup.Input.ReadAsync(
                new ReadRequest
                {
                    From = new LogOffset(_cursor),
                    After = after,
                    MaxBytes = _setup.Settings.ReadBytes,
                    Wait = HasFile ? new TimeSpan(Math.Max(1, Due() - Elapsed)) : IdleWait,
                },
                _end.Token);
            switch (read.Status)
            {
                case ReadStatus.Ok:
                    after = read.Blocks.Count > 0 ? read.Blocks[^1].Position : after;
                    await TakeAsync(read.Blocks);
                    break;
                case ReadStatus.Trimmed:
                    await PublishFileAsync();
                    _error = $"events {_cursor} to {read.First.Value - 1} were deleted by hard retention before they "
                        + "were written";
                    Begin(read.First.Value);
                    after = null;
                    break;
                case ReadStatus.BeyondEnd:
                    Lose($"the files in {Shown} end at {_cursor}, {_setup.Input.Id} ends at {read.Committed}: they are "
                        + "another stream's");
                    return true;
                default:
                    await Task.Delay(_setup.Settings.RetryDelay, _setup.Loop.Time, _end.Token);
                    break;
            }

            if (HasFile && (_position >= _setup.Files.RollBytes || Elapsed >= Due()) && !await PublishFileAsync())
            {
                return _state != StageInstanceState.Failed;
            }

            Publish();
        }
    }

    private long Due() => _opened + _setup.Files.RollEvery.Ticks;

    private async ValueTask TakeAsync(IReadOnlyList<LogBlock> blocks)
    {
        using var span = EventSpans.Process(_setup.Id.Stage, _setup.Input.Id, blocks);
        foreach (var block in blocks)
        {
            var next = _lines.Add(block, _cursor);
            if (next > _cursor && !HasFile)
            {
                _opened = Elapsed;
            }

            _read += next - _cursor;
            _cursor = next;
        }

        if (_lines.Written.Length > 0)
        {
            await _setup.Directory.AppendAsync(_path, Hidden(), _position, _lines.Written, _end.Token);
            _position += _lines.Written.Length;
            _lines.Clear();
        }
    }

    /// <summary>False where the file was there already, or a later activation is: start again.</summary>
    private async ValueTask<bool> PublishFileAsync()
    {
        if (!HasFile)
        {
            return true;
        }

        var name = SinkFileName.Of(_setup.Id.Partition, _first);
        var publication = await _setup.Directory.PublishAsync(_path, Hidden(), name, _end.Token);
        if (publication == SinkPublication.Foreign)
        {
            Refuse($"the file {name} in {Shown} is not this sink's, and it is never replaced: move it away");
        }

        if (publication != SinkPublication.Published)
        {
            return false;
        }

        _failures = 0;
        Begin(_cursor);
        var written = await _setup.Checkpoints.WriteAsync(_cursor, Now, default, _end.Token);
        if (written == CheckpointReply.Written)
        {
            Volatile.Write(ref _durableCursor, _cursor);
        }
        else if (written == CheckpointReply.Fenced)
        {
            (_state, _error) = (StageInstanceState.Fenced, "a later activation of this sink wrote its checkpoint");
            return false;
        }

        return true;
    }

    /// <summary>The directory as the definition has it.</summary>
    private string Shown => _setup.Files.WrittenPath ?? _setup.Files.Path;

    private string Hidden() => SinkFileName.Hidden(_setup.Id.Partition, _setup.Checkpoints.Epoch.Value);

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
            CheckpointCursor = durable.Time > 0 ? durable.Cursor : null,
            CheckpointTime = durable.Time > 0 ? durable.Time : null,
            CheckpointBytes = durable.Time > 0 ? _setup.Checkpoints.DurableBytes : null,
            Counts = new StageCounts(_read, _first, 0, 0),
            CutFor = _cutFor,
            Error = _error,
        };
    }
}
