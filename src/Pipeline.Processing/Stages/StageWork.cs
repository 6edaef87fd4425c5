using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Tracing;

namespace Pipeline.Processing.Stages;

/// <summary>
/// A recovered stage instance at work: reads its input block by block, runs the machine, sends what it makes. Reading
/// waits while too much of that is not committed.
/// </summary>
internal sealed class StageWork
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(30);

    private readonly StageInstance _owner;
    private readonly StageSetup _setup;
    private readonly DeliveryDriver _delivery;

    private StageWork(StageInstance owner, StageSetup setup, StageMachine machine)
    {
        (_owner, _setup, Machine) = (owner, setup, machine);
        _delivery = new DeliveryDriver(owner, setup, machine);
    }

    public StageMachine Machine { get; }

    /// <summary>It was made to be cut, and is at the cut: clean, once all is flushed.</summary>
    private bool IsAtCut => _setup.Cut is { } cut && Machine.IsCaughtUp && Machine.Cursor.Offset >= (cut.DrainTo ?? 0);

    /// <summary>Loads the checkpoint and asks every target what it holds; null where one does not answer.</summary>
    public static async ValueTask<StageWork?> TryRecoverAsync(StageInstance owner, StageSetup setup)
    {
        var activation = await setup.Checkpoints.ActivateAsync(setup.Layout.Generation, owner.Ended);
        if (activation.Refused is { } term)
        {
            owner.EndAsCut(term);
            return null;
        }

        if (activation.Snapshot is not { } snapshot)
        {
            owner.Waits("the checkpoint cannot be read from a majority of stores");
            return null;
        }

        var machine = new StageMachine(setup.Layout);
        if (snapshot.IsEmpty || SinkMark.IsOne(snapshot.Span))
        {
            machine.Start(StageCursor.At(setup.Checkpoints.Durable.Cursor));
        }
        else
        {
            machine.Load(snapshot.Span);
        }

        owner.Checkpointed(setup.Checkpoints.Durable.Cursor);
        var work = new StageWork(owner, setup, machine);
        if (!await work._delivery.TryOpenAsync(owner.Ended))
        {
            owner.Waits("a target partition does not answer");
            return null;
        }

        if (machine.Failure is { } failure)
        {
            // A later activation may have gone on meanwhile: then its outputs are no failure of this one.
            var now = await setup.Checkpoints.PeekAsync(owner.Ended);
            if (now is not null && now.Epoch != setup.Checkpoints.Epoch)
            {
                owner.Overtake();
            }
            else
            {
                owner.Fail(failure);
            }
        }

        return work;
    }

    /// <summary>Sends and writes what is due.</summary>
    public void SeeTo() => _delivery.Look();

    /// <summary>The snapshot is to be written again.</summary>
    public void Renew() => _delivery.Change();

    public void Leave() => _delivery.Leave();

    public async Task ReadAllAsync()
    {
        if (Machine.IsNewLayout)
        {
            // Before anything is sent: a later recovery must know whose outputs it meets.
            _delivery.Change();
            await _delivery.FlushAsync();
        }

        if (IsAtCut || _owner.HasEnded)
        {
            return;
        }

        // After a crash the readers of the outputs may not know the watermark that the checkpoint has.
        SeeTo();
        var next = ReadAsync(Machine.Cursor);
        while (await TakeAsync(next) is { } read)
        {
            switch (read.Status)
            {
                case ReadStatus.Ok when read.Blocks.Count > 0:
                    var last = read.Blocks[^1];
                    next = ReadAsync(new StageCursor(
                        last.First.Value + last.Count, last.Position.Segment, last.Position.Block));
                    await StepAsync(read.Blocks);
                    break;
                case ReadStatus.Ok:
                    next = ReadAsync(Machine.Cursor);
                    break;
                case ReadStatus.Trimmed:
                    Skip(read.First);
                    next = ReadAsync(Machine.Cursor);
                    break;
                case ReadStatus.BeyondEnd:
                    _owner.Fail(
                        $"{_setup.Input.Id} ends at {read.Committed}, before the cursor {Machine.Cursor.Offset}");
                    return;
                default:
                    _owner.WaitsToRead($"{_setup.Input.Id} cannot be read now");
                    await _owner.PauseAsync();

                    // Without waiting for events: whether it can be read is to be known at once.
                    next = ReadAsync(Machine.Cursor, TimeSpan.Zero);
                    break;
            }

            if (_owner.HasEnded || IsAtCut)
            {
                return;
            }

            _owner.Publish();
            SeeTo();
        }
    }

    /// <summary>Stopping: everything committed, then a last checkpoint.</summary>
    public Task FlushAsync() => _delivery.FlushAsync();

    /// <summary>The read's outcome; null when the instance stops.</summary>
    private async ValueTask<ReadOutcome?> TakeAsync(ValueTask<ReadOutcome> pending)
    {
        try
        {
            var read = await pending;
            if (read.Status == ReadStatus.Ok)
            {
                _owner.WaitsToRead(null);
            }

            return _owner.IsStopping || _owner.HasEnded ? null : read;
        }
        catch (OperationCanceledException) when (_owner.IsStopping || _owner.HasEnded)
        {
            return null;
        }
    }

    private async Task StepAsync(IReadOnlyList<LogBlock> blocks)
    {
        foreach (var block in blocks)
        {
            do
            {
                while (!_owner.HasEnded && _delivery.UncommittedBytes > _setup.Settings.InFlightBytes)
                {
                    await _owner.NextProgressAsync();
                }

                if (_owner.HasEnded)
                {
                    return;
                }

                if (!TryStep(block))
                {
                    _owner.Fail(Machine.Failure!);
                    return;
                }

                _delivery.Made();
            }
            while (Machine.IsWithinBlock);
            if (IsAtCut)
            {
                return;
            }
        }
    }

    private bool TryStep(in LogBlock block)
    {
        using var span = EventSpans.Process(_setup.Id.Stage, _setup.Input.Id, block);
        return Machine.TryStep(new StageInput
        {
            Segment = block.Position.Segment,
            Block = block.Position.Block,
            First = block.First.Value,
            Payload = block.Payload.Span,
            Trace = TraceContexts.Of(span),
        });
    }

    private ValueTask<ReadOutcome> ReadAsync(StageCursor cursor, TimeSpan? wait = null) => _setup.Input.ReadAsync(
        new ReadRequest
        {
            From = new LogOffset(cursor.Offset),
            After = cursor.HasBlock ? new LogPosition(cursor.Segment, cursor.Block) : null,
            MaxBytes = _setup.Settings.ReadBytes,
            Wait = wait ?? IdleWait,
        },
        _owner.ReadingEnded);

    private void Skip(LogOffset first)
    {
        _owner.Reports($"events {Machine.Cursor.Offset} to {first.Value - 1} of {_setup.Input.Id} were deleted by hard "
            + "retention before this stage had read them");
        Machine.Skip(first.Value);
        _delivery.Change();
    }
}
