using System.Buffers;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.Runtime.Partitions;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Drives one stage machine: reads its input partition, sends its outputs, writes its checkpoints. Lives on one loop.
/// Invariants: a checkpoint is written only after all outputs made before it are committed; reading waits while too
/// much is not; after a failure or a fence nothing is read, sent or written any more.
/// </summary>
internal sealed class StageInstance : IInstance, IDisposable
{
    /// <summary>Ticks between two watermarks that no records go with.</summary>
    public const long WatermarkPause = TimeSpan.TicksPerMillisecond * 100;

    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(30);

    private readonly StageSetup _setup;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _stopReading = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LoopSignal _progress = new();
    private StageMachine _machine;
    private OutletSender[] _senders = [];
    private StageInstanceState _state = StageInstanceState.Starting;
    private StageInstanceStatus _status;
    private ReadOutcome? _lastRead;
    private string? _error;
    private bool _isDirty;
    private bool _isCheckpointing;
    private bool _isStopping;
    private bool _isTicking;
    private long _nextCheckpoint;
    private long _durableCursor = -1;

    public StageInstance(StageSetup setup)
    {
        _setup = setup;
        _machine = new StageMachine(setup.Layout);
        _status = Describe();
    }

    public StageInstanceStatus Status => Volatile.Read(ref _status);

    public long? DurableCursor => Volatile.Read(ref _durableCursor) is >= 0 and var cursor ? cursor : null;

    /// <summary>Event time known by this instance, ticks UTC; long.MinValue before any.</summary>
    public long Watermark => Status.Watermark ?? long.MinValue;

    public IPartition Input => _setup.Input;

    internal bool HasEnded => _end.IsCancellationRequested;

    internal CancellationToken Ended => _end.Token;

    internal long Now => _setup.Loop.Time.GetUtcNow().UtcTicks;

    public void Start() => _setup.Loop.Post(static self => _ = ((StageInstance)self!).RunAsync(), this);

    public async ValueTask<bool> StopAsync(bool withCheckpoint, CancellationToken cancellationToken)
    {
        using var giveUp = cancellationToken.Register(
            static self => ((StageInstance)self!).PostEnd(), this);
        _setup.Loop.Post(self => ((StageInstance)self!).BeginStop(withCheckpoint), this);
        await _ended.Task;
        return _state == StageInstanceState.Paused;
    }

    public void Dispose()
    {
        _end.Dispose();
        _stopReading.Dispose();
    }

    /// <summary>Tells the readers of the outputs not to wait for this instance, which never had input.</summary>
    public void Leave() => _setup.Loop.Post(
        static self =>
        {
            foreach (var sender in ((StageInstance)self!)._senders)
            {
                sender.Leave();
            }
        },
        this);

    internal bool FeedsStages(int target) => _setup.FeedsStages(_setup.Targets[target]);

    internal void Progressed() => _progress.Set();

    internal void Waits(string reason)
    {
        _error = reason;
        Publish();
    }

    internal Task PauseAsync() => Task.Delay(_setup.Settings.RetryDelay, _setup.Loop.Time, _end.Token);

    internal void Fail(string reason) => End(StageInstanceState.Failed, reason);

    internal void Fence(string reason) => End(StageInstanceState.Fenced, reason);

    private void PostEnd() => _setup.Loop.Post(
        static self => ((StageInstance)self!).End(StageInstanceState.Starting, null), this);

    private void BeginStop(bool withCheckpoint)
    {
        _isStopping = true;
        if (!withCheckpoint)
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
            while (!_isStopping && !HasEnded && !await TryRecoverAsync())
            {
                await PauseAsync();
            }

            if (!HasEnded)
            {
                _state = StageInstanceState.Running;
                Publish();
                await WorkAsync();
                await FlushAsync();
            }
        }
        catch (OperationCanceledException) when (HasEnded)
        {
            // Ended from outside, by a failure or by a fence: the state says which.
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Fail($"{error.GetType().Name}: {error.Message}");
        }
        finally
        {
            End(_state, null);
            _ended.TrySetResult();
        }
    }

    /// <summary>Loads the checkpoint and asks every target what it holds.</summary>
    private async ValueTask<bool> TryRecoverAsync()
    {
        if (await _setup.Checkpoints.ActivateAsync(_end.Token) is not { } snapshot)
        {
            Waits("the checkpoint cannot be read from a majority of stores");
            return false;
        }

        _machine = new StageMachine(_setup.Layout);
        if (snapshot.IsEmpty)
        {
            _machine.Start(StageCursor.At(_setup.Checkpoints.Durable.Cursor));
        }
        else
        {
            _machine.Load(snapshot.Span);
        }

        Volatile.Write(ref _durableCursor, _setup.Checkpoints.Durable.Cursor);
        _senders = [.. _machine.Outlets.Select(outlet => new OutletSender(
            this, _machine, _setup.Layout, outlet, _setup.Targets[outlet.Target].Partitions[outlet.Partition]))];
        foreach (var sender in _senders)
        {
            if (!await sender.OpenAsync(_end.Token))
            {
                Waits("a target partition does not answer");
                return false;
            }
        }

        if (_machine.Failure is { } failure)
        {
            Fail(failure);
        }

        _error = null;
        return true;
    }

    private async Task WorkAsync()
    {
        var next = ReadAsync();
        while (!HasEnded)
        {
            if (await TakeAsync(next) is not { } read)
            {
                return;
            }

            _lastRead = read;
            switch (read.Status)
            {
                case ReadStatus.Ok when read.Blocks.Count > 0:
                    var last = read.Blocks[^1];
                    next = ReadAsync(new StageCursor(
                        last.First.Value + last.Count, last.Position.Segment, last.Position.Block));
                    await StepAsync(read.Blocks);
                    break;
                case ReadStatus.Ok:
                    next = ReadAsync();
                    break;
                case ReadStatus.Trimmed:
                    Lost(read);
                    next = ReadAsync();
                    break;
                case ReadStatus.BeyondEnd:
                    Fail($"{_setup.Input.Id} ends at {read.Committed}, before the cursor {_machine.Cursor.Offset}");
                    return;
                default:
                    Waits($"{_setup.Input.Id} cannot be read now");
                    await PauseAsync();
                    next = ReadAsync();
                    break;
            }

            AfterStep();
        }
    }

    /// <summary>The read's outcome; null when the instance stops.</summary>
    private async ValueTask<ReadOutcome?> TakeAsync(ValueTask<ReadOutcome> pending)
    {
        try
        {
            var read = await pending;
            return _isStopping ? null : read;
        }
        catch (OperationCanceledException) when (_isStopping || HasEnded)
        {
            return null;
        }
    }

    private async Task StepAsync(IReadOnlyList<LogBlock> blocks)
    {
        foreach (var block in blocks)
        {
            while (!HasEnded && Uncommitted() > _setup.Settings.InFlightBytes)
            {
                await _progress.WaitAsync();
            }

            if (HasEnded)
            {
                return;
            }

            var input = new StageInput
            {
                Segment = block.Position.Segment,
                Block = block.Position.Block,
                First = block.First.Value,
                Payload = block.Payload.Span,
            };
            if (!_machine.TryStep(input))
            {
                Fail(_machine.Failure!);
                return;
            }

            _isDirty = true;
            Pump();
        }
    }

    private void AfterStep()
    {
        Pump();
        Publish();
        if (_isDirty && !_isCheckpointing && !HasEnded && Now >= _nextCheckpoint)
        {
            _ = CheckpointAsync();
        }

        if (!_isTicking && (_isDirty || OwesWatermark()))
        {
            _ = TickAsync();
        }
    }

    /// <summary>Sees to checkpoints and watermarks that fall due while no input comes.</summary>
    private async Task TickAsync()
    {
        _isTicking = true;
        try
        {
            while (!HasEnded && (_isDirty || OwesWatermark()))
            {
                var due = OwesWatermark() ? WatermarkPause : Math.Max(WatermarkPause, _nextCheckpoint - Now);
                await Task.Delay(new TimeSpan(due), _setup.Loop.Time, _end.Token);
                AfterStep();
            }
        }
        catch (OperationCanceledException) when (HasEnded)
        {
            // Nothing falls due any more.
        }
        finally
        {
            _isTicking = false;
        }
    }

    private bool OwesWatermark() => _senders.Any(static sender => sender.OwesWatermark);

    private ValueTask<ReadOutcome> ReadAsync() => ReadAsync(_machine.Cursor);

    private ValueTask<ReadOutcome> ReadAsync(StageCursor cursor) => _setup.Input.ReadAsync(
        new ReadRequest
        {
            From = new Kernel.Identity.LogOffset(cursor.Offset),
            After = cursor.HasBlock ? new LogPosition(cursor.Segment, cursor.Block) : null,
            MaxBytes = _setup.Settings.ReadBytes,
            Wait = IdleWait,
        },
        _stopReading.Token);

    private void Lost(ReadOutcome read)
    {
        Waits($"events {_machine.Cursor.Offset} to {read.First.Value - 1} of {_setup.Input.Id} were deleted by hard "
            + "retention before this stage had read them");
        _machine.Start(StageCursor.At(read.First.Value));
        _isDirty = true;
    }

    private long Uncommitted()
    {
        var bytes = 0L;
        foreach (var sender in _senders)
        {
            bytes += sender.UncommittedBytes;
        }

        return bytes;
    }

    private void Pump()
    {
        foreach (var sender in _senders)
        {
            sender.Pump();
        }
    }

    /// <summary>Stopping: everything committed, then a last checkpoint.</summary>
    private async Task FlushAsync()
    {
        while (!HasEnded && (_isDirty || _isCheckpointing))
        {
            Pump();
            if (_isCheckpointing)
            {
                await _progress.WaitAsync();
            }
            else
            {
                await CheckpointAsync();
            }
        }

        if (!HasEnded)
        {
            End(StageInstanceState.Paused, null);
        }
    }

    private async Task CheckpointAsync()
    {
        _isCheckpointing = true;
        _isDirty = false;
        try
        {
            var started = _setup.Loop.Time.GetTimestamp();
            var snapshot = new ArrayBufferWriter<byte>();
            _machine.Save(snapshot);
            var cursor = _machine.Cursor.Offset;
            await CommittedAsync([.. _senders.Select(sender => sender.Outlet.Last)]);
            switch (await _setup.Checkpoints.WriteAsync(cursor, Now, snapshot.WrittenMemory, _end.Token))
            {
                case CheckpointWrite.Written:
                    Volatile.Write(ref _durableCursor, cursor);
                    break;
                case CheckpointWrite.Fenced:
                    Fence("a later activation of this stage wrote its checkpoint");
                    break;
                case CheckpointWrite.Unavailable:
                    _isDirty = true;
                    Waits("the checkpoint cannot be written to a majority of stores");
                    await PauseAsync();
                    break;
            }

            // A large state must not fill the stores' time: at most a fifth of it.
            var pause = 4 * _setup.Loop.Time.GetElapsedTime(started);
            _nextCheckpoint = Now + Math.Max(pause.Ticks, _setup.Settings.CheckpointInterval.Ticks);
        }
        catch (OperationCanceledException) when (HasEnded)
        {
            // The outputs of an ended instance are not known to be committed: no checkpoint.
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Fail($"writing a checkpoint: {error.Message}");
        }
        finally
        {
            _isCheckpointing = false;
            Publish();
            _progress.Set();
        }
    }

    private async Task CommittedAsync(Origin[] marks)
    {
        for (var i = 0; i < marks.Length; i++)
        {
            while (_senders[i].Committed < marks[i])
            {
                _end.Token.ThrowIfCancellationRequested();
                await _progress.WaitAsync();
            }
        }
    }

    private void Publish() => Volatile.Write(ref _status, Describe());

    private StageInstanceStatus Describe()
    {
        var durable = _setup.Checkpoints.Durable;
        var input = _setup.Input.Status;
        var counters = _machine.Counters;
        return new StageInstanceStatus
        {
            Stage = _setup.Id.Stage,
            Input = _setup.Input.Id.Stream.Value,
            Partition = _setup.Id.Partition,
            State = _state,
            Cursor = _machine.Cursor.Offset,
            LagEvents = Math.Max(0, input.Committed.Value - _machine.Cursor.Offset),
            LagSeconds = input.Committed.Value <= _machine.Cursor.Offset || _machine.AcceptedTime == 0
                ? 0
                : Math.Max(0, new TimeSpan(input.Newest - _machine.AcceptedTime).TotalSeconds),
            Watermark = _machine.Watermark == long.MinValue ? null : _machine.Watermark,
            CheckpointCursor = durable.Number > 0 || durable.Cursor > 0 ? durable.Cursor : null,
            CheckpointTime = durable.Time > 0 ? durable.Time : null,
            Counts = new StageCounts(counters.Read, counters.Written, counters.DeadLetters, counters.Late),
            Error = _error,
        };
    }
}
