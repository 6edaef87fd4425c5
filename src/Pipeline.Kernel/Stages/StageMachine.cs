using System.Buffers;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages;

/// <summary>
/// A stage instance: reads one partition block by block, runs its fused operators, numbers their outputs. Invariants:
/// <list type="bullet">
/// <item>The same blocks give the same outputs with the same origins, whatever was saved and loaded in between.</item>
/// <item>The cursor and the watermark never fall.</item>
/// <item>Each output carries (input offset, ordinal); these rise in every target partition.</item>
/// <item>An event without a usable time moves no watermark and becomes a dead letter.</item>
/// <item>After a failure nothing is processed any more.</item>
/// <item>A new layout begins only where no target holds more than the saved state counts as made.</item>
/// </list>
/// A state can be saved between any two blocks.
/// </summary>
public sealed class StageMachine
{
    private readonly StageLayout _layout;
    private readonly OutputBuffers _buffers;
    private readonly StageEmitter _emitter;
    private readonly FusedOperators _operators;
    private readonly UpstreamTable? _upstreams;
    private long _read;
    private StagePause _pause = StagePause.None;
    private long _savedLayout;

    public StageMachine(StageLayout layout)
    {
        _layout = layout;
        _buffers = new OutputBuffers((int)Math.Min(layout.PartBytes * 4L, Array.MaxLength));
        _emitter = new StageEmitter(layout, _buffers);
        _operators = new FusedOperators(layout, _emitter);
        _savedLayout = layout.Layout;
        _upstreams = layout.Upstreams is null ? null : new UpstreamTable(layout.Upstreams);
    }

    /// <summary>The next block's place.</summary>
    public StageCursor Cursor { get; private set; } = StageCursor.Start;

    /// <summary>Event time before which nothing is expected, ticks UTC; long.MinValue before any is known.</summary>
    public long Watermark { get; private set; } = long.MinValue;

    /// <summary>Acceptance time of the last event read, ticks UTC.</summary>
    public long AcceptedTime => _emitter.AcceptedTime;

    /// <summary>One for each partition of each target, in the order of the layout.</summary>
    public IReadOnlyList<StageOutlet> Outlets => _emitter.Outlets;

    /// <summary>
    /// Whether the block given last was not read to its end, as it made many outputs: it is to be given again. Until it
    /// was read to its end, there is no state to be saved.
    /// </summary>
    public bool IsWithinBlock => _pause != StagePause.None;

    /// <summary>Why it must stop; null while it may go on.</summary>
    public string? Failure => _emitter.Failure;

    /// <summary>About how many bytes of memory the operators' states take.</summary>
    public long StateBytes => _operators.StateBytes;

    /// <summary>
    /// Whether the state it began with was saved by another layout: it is to be saved by this one before anything is
    /// sent, so that a later recovery knows whose outputs it meets.
    /// </summary>
    public bool IsNewLayout => _savedLayout != _layout.Layout;

    /// <summary>Whether all that the targets hold of this producer was made again since the recovery.</summary>
    public bool IsCaughtUp
    {
        get
        {
            foreach (var outlet in Outlets)
            {
                if (outlet.IsBehind)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public StageCounters Counters => new(_read, _emitter.Written, _emitter.DeadLetters, _emitter.Late);

    /// <summary>Begins at another place than the start; before the first block.</summary>
    public void Start(StageCursor cursor) => Cursor = cursor;

    /// <summary>
    /// The input before <paramref name="first"/> was deleted: it goes on there, whatever the targets hold of what is
    /// gone.
    /// </summary>
    public void Skip(long first)
    {
        var ordinal = 1;
        foreach (var outlet in Outlets)
        {
            outlet.Skip(first);
            ordinal = outlet.Held.Offset == first - 1 ? Math.Max(ordinal, outlet.Held.Ordinal + 1) : ordinal;
        }

        _emitter.Load(first - 1, ordinal);
        Cursor = StageCursor.At(first);
    }

    /// <summary>Takes over a saved state; throws <see cref="InvalidDataException"/> where it is not one.</summary>
    public void Load(ReadOnlySpan<byte> snapshot)
    {
        var state = StageSnapshotCodec.Read(snapshot);
        Cursor = state.Cursor;
        Watermark = state.Watermark;
        _savedLayout = state.Layout;
        _emitter.Load(state.LastOffset, state.Ordinal);
        _emitter.AcceptedTime = state.AcceptedTime;
        _upstreams?.Load(state.Upstreams);
        foreach (var outlet in Outlets)
        {
            var stream = _layout.Targets[outlet.Target].Stream;
            foreach (var saved in state.Outlets)
            {
                if (saved.Stream == stream && saved.Partition == outlet.Partition)
                {
                    outlet.Load(saved.Last);
                }
            }
        }

        _operators.Load(state.Operators);
    }

    /// <summary>Writes the whole state as it is between two blocks.</summary>
    public void Save(IBufferWriter<byte> to)
    {
        if (IsWithinBlock)
        {
            throw new InvalidOperationException("within a block there is no state to be saved");
        }

        StageSnapshotCodec.Write(to, new StageSnapshot
        {
            Cursor = Cursor,
            Layout = _layout.Layout,
            LastOffset = _emitter.Offset,
            Ordinal = _emitter.Ordinal,
            Watermark = Watermark,
            AcceptedTime = _emitter.AcceptedTime,
            Upstreams = _upstreams?.States ?? [],
            Outlets = [.. Outlets.Select(outlet => new OutletState(
                _layout.Targets[outlet.Target].Stream, outlet.Partition, outlet.Last))],
            Operators = _operators.Save(),
        });
    }

    /// <summary>
    /// Recovery: the target partition of <paramref name="outlet"/> holds everything through <paramref name="last"/>.
    /// The layout that saved the state must make that record again. For a new layout the target must not hold more than
    /// that state counts as made: what ran before has to be cut first.
    /// </summary>
    public void Resume(StageOutlet outlet, Origin last)
    {
        if (!outlet.TryResume(last, mustMeet: !IsNewLayout && last > _emitter.Latest))
        {
            _emitter.Failure ??= $"partition {outlet.Partition} of stream {_layout.Targets[outlet.Target].Stream} "
                + $"holds outputs through ({last.Offset}, {last.Ordinal}) only, the checkpoint says "
                + $"({outlet.Last.Offset}, {outlet.Last.Ordinal}): it lost what was committed";
        }
        else if (IsNewLayout && _savedLayout == StageSnapshot.SeededLayout && last.Offset == _emitter.Offset)
        {
            // An earlier life of this instance ended with the same event: its numbers go on.
            _emitter.Load(last.Offset, Math.Max(_emitter.Ordinal, last.Ordinal + 1));
        }
        else if (IsNewLayout && last > _emitter.Latest)
        {
            _emitter.Failure ??= $"partition {outlet.Partition} of stream {_layout.Targets[outlet.Target].Stream} "
                + $"holds outputs through ({last.Offset}, {last.Ordinal}), the checkpoint of the definition before "
                + $"ends at ({_emitter.Offset}, {_emitter.Ordinal - 1}): it was not cut";
        }
    }

    /// <summary>Gives a committed part's buffer back.</summary>
    public void Recycle(OutputPart part)
    {
        if (System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(part.Bytes, out var segment))
        {
            _buffers.Return(segment.Array!);
        }
    }

    /// <summary>Event time before which a target gets no more records from this instance.</summary>
    public long OutputWatermark(int target) => _operators.OutputWatermark(target, Watermark);

    /// <summary>
    /// Processes one block, or the rest of it (<see cref="IsWithinBlock"/>); false after a failure. Nothing that an
    /// operator throws leaves it.
    /// </summary>
    public bool TryStep(in StageInput input)
    {
        if (Failure is not null)
        {
            return false;
        }

        _emitter.Trace = input.Trace;
        _emitter.StepBytes = 0;
        var end = input.First;
        try
        {
            end = Parts(input);
        }
        catch (Exception error)
        {
            _emitter.Fail(_layout.Nodes[0], error);
        }

        if (Failure is not null)
        {
            return false;
        }

        if (!IsWithinBlock)
        {
            Cursor = new StageCursor(Math.Max(end, Cursor.Offset), input.Segment, input.Block);
        }

        return true;
    }

    /// <summary>The offset behind the last event.</summary>
    private long Parts(in StageInput input)
    {
        var offset = input.First;
        if (IsWithinBlock && (_pause.Segment, _pause.Block) != (input.Segment, input.Block))
        {
            _emitter.Failure ??= $"block {input.Segment}/{input.Block} of {_layout.InputStream} came while block "
                + $"{_pause.Segment}/{_pause.Block} was not read to its end";
            return offset;
        }

        var done = _pause with { Segment = input.Segment, Block = input.Block };
        _pause = StagePause.None;
        var number = 0;
        for (var rest = input.Payload; !rest.IsEmpty && Failure is null && !IsWithinBlock; number++)
        {
            if (!PartCodec.TryRead(rest, out var part, out var size))
            {
                _emitter.Failure ??=
                    $"block {input.Segment}/{input.Block} of {_layout.InputStream} is no sequence of parts";
                break;
            }

            rest = rest[size..];
            if (part.Header.Kind == PartKind.Events)
            {
                Events(part, number, done, ref offset);
            }
            else if (number >= done.Part)
            {
                Control(part);
            }
        }

        return offset;
    }

    private void Events(in PartView part, int number, StagePause done, ref long offset)
    {
        var body = part.Body;
        var accepted = part.Header.AcceptedTime;
        for (var i = 0; i < part.Header.Count && Failure is null; i++)
        {
            if (!RecordCodec.TryRead(body, out var record, out var size))
            {
                _emitter.Failure ??= $"event {offset} of {_layout.InputStream} cannot be decoded";
                return;
            }

            body = body[size..];
            if (offset >= Cursor.Offset && offset >= done.Offset)
            {
                if (_emitter.StepBytes > _layout.MaxStepBytes)
                {
                    _pause = done with { Part = number, Offset = offset };
                    return;
                }

                Event(record, offset, accepted);
            }

            offset++;
        }
    }

    private void Event(in RecordView view, long offset, long accepted)
    {
        _read++;
        _emitter.Begin(offset, accepted);
        var record = new StageRecord
        {
            Offset = offset,
            Time = view.HasTime ? view.Time : accepted,
            AcceptedTime = accepted,
            Partition = _layout.Partition,
            Key = view.Key,
            Value = view.Value,
        };
        if (_layout.Timestamp is { } timestamp)
        {
            if (!timestamp.TryRead(record, out var time))
            {
                _emitter.Reject(null, record, "the event has no readable timestamp");
                return;
            }

            if (_upstreams is null && time - accepted > _layout.MaxAhead)
            {
                _emitter.Reject(null, record, "the event's timestamp lies too far ahead of its acceptance (maxAhead)");
                return;
            }

            record = new StageRecord
            {
                Offset = offset,
                Time = time,
                AcceptedTime = accepted,
                Partition = _layout.Partition,
                Key = view.Key,
                Value = view.Value,
            };
        }

        _operators.Process(record);

        if (_upstreams is null)
        {
            Advance(record.Time);
        }

        CheckState();
    }

    private void CheckState()
    {
        if (StateBytes is var bytes && bytes > _layout.MaxStateBytes)
        {
            _emitter.Failure ??= $"stage {_layout.Nodes[0].Name} stops at event {_emitter.Offset} of "
                + $"{_layout.InputStream}/{_layout.Partition}: "
                + StateLimitException.Text(bytes, _layout.MaxStateBytes);
        }
    }

    private void Control(in PartView part)
    {
        switch (part.Header.Kind)
        {
            case PartKind.Watermark when _upstreams is null && StageControl.TryReadWatermark(part.Body, out var ticks):
                Advance(ticks);
                break;
            case PartKind.Heartbeat when _upstreams is null
                && StageControl.TryReadHeartbeat(part.Body, out var ticks, out var instance)
                && instance == _layout.Producer:
                Advance(ticks);
                break;
            case PartKind.UpstreamWatermark when _upstreams is not null
                && StageControl.TryReadUpstream(part.Body, out var producer, out var generation, out var ticks):
                _upstreams.Advance(producer, generation, ticks);
                Advance(_upstreams.Minimum());
                break;
            case PartKind.UpstreamState when _upstreams is not null
                && StageControl.TryReadUpstream(part.Body, out var producer, out var generation, out _):
                _upstreams.Leave(producer, generation);
                Advance(_upstreams.Minimum());
                break;
        }
    }

    private void Advance(long watermark)
    {
        if (watermark <= Watermark)
        {
            return;
        }

        Watermark = watermark;
        _operators.Advance(watermark);
    }
}
