using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages;

/// <summary>
/// What a stage instance sends to one target partition, in order, each record chained to the one before it.
/// Invariants: origins rise; a part's Previous is the Last of the part before it; records the target already holds
/// (after a recovery) are left out, and the last of them must be met on the way. A part carries the first trace context
/// that came with one of its records.
/// </summary>
public sealed class StageOutlet
{
    private static readonly int HeaderSize = PartCodec.HeaderSize(HandleKind.Platform, 0);

    private readonly StageLayout _layout;
    private readonly OutputBuffers _buffers;
    private readonly Queue<OutputPart> _closed = new();
    private byte[]? _open;
    private int _used;
    private int _count;
    private Origin _previous;
    private Origin _held = Origin.None;
    private bool _heldMet = true;
    private TraceContext _trace;

    internal StageOutlet(StageLayout layout, OutputBuffers buffers, int target, int partition)
    {
        _layout = layout;
        _buffers = buffers;
        Target = target;
        Partition = partition;
        Last = _previous = Origin.None;
    }

    /// <summary>Index of the target in the layout.</summary>
    public int Target { get; }

    public int Partition { get; }

    /// <summary>Origin of the last record made for this partition, sent or not.</summary>
    public Origin Last { get; private set; }

    /// <summary>Bytes not taken yet.</summary>
    public long PendingBytes { get; private set; }

    public bool HasPending => PendingBytes > 0;

    /// <summary>Whether the target holds more than was made since the recovery.</summary>
    public bool IsBehind => Last < _held;

    /// <summary>Takes over the saved end of the chain.</summary>
    internal void Load(Origin last) => Last = _previous = last;

    /// <summary>
    /// Recovery: the target holds everything through <paramref name="last"/>. False where that is before the
    /// checkpoint's end: the target lost what was committed.
    /// </summary>
    internal bool TryResume(Origin last, bool mustMeet)
    {
        if (last < Last)
        {
            return false;
        }

        // What was held before a new layout counts as made: its first checkpoint says so.
        Last = mustMeet ? Last : last;
        _held = last;
        _heldMet = last == Last;
        _previous = last;
        return true;
    }

    /// <summary>
    /// The input before <paramref name="first"/> is gone: what was made of it cannot be met any more.
    /// </summary>
    internal void Skip(long first)
    {
        if (_held.Offset < first)
        {
            _heldMet = true;
            Last = _held > Last ? _held : Last;
        }
    }

    /// <summary>The target holds everything through this; none before a recovery.</summary>
    internal Origin Held => _held;

    /// <summary>Adds a record; false where the stage did not repeat what it had sent before.</summary>
    internal bool TryAdd(
        Origin origin, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time, in TraceContext trace)
    {
        Last = origin;
        if (origin <= _held)
        {
            _heldMet |= origin == _held;
            return true;
        }

        if (!_heldMet)
        {
            return false;
        }

        var record = new RecordView
        {
            Flags = RecordFlags.Time | RecordFlags.Origin | (key.IsEmpty ? RecordFlags.None : RecordFlags.Key),
            Time = time,
            Origin = origin,
            Key = key,
            Value = value,
        };
        var size = RecordCodec.Size(record);
        Reserve(size);
        RecordCodec.Write(record, _open.AsSpan(_used));
        _used += size;
        _count++;
        _trace = _trace.IsNone ? trace : _trace;
        PendingBytes += size;
        if (_used >= _layout.PartBytes)
        {
            Close();
        }

        return true;
    }

    /// <summary>The next part to send, or null.</summary>
    public OutputPart? Take()
    {
        if (_closed.Count == 0 && _count > 0)
        {
            Close();
        }

        if (!_closed.TryDequeue(out var part))
        {
            return null;
        }

        PendingBytes -= part.Bytes.Length - HeaderSize - part.Trace.EncodedSize;
        return part;
    }

    private void Reserve(int size)
    {
        if (_open is null)
        {
            _open = _buffers.Rent(HeaderSize + size + TraceContext.Size);
            _used = HeaderSize;
        }
        else if (_open.Length - _used < size + TraceContext.Size)
        {
            _open = _buffers.Grow(_open, _used, _used + size + TraceContext.Size);
        }
    }

    private void Close()
    {
        var header = new PartHeader
        {
            Kind = PartKind.Events,
            HandleKind = HandleKind.Platform,
            Count = _count,
            Handle = _layout.Producer,
            Sequence = _layout.Generation,
            Previous = _previous,
            Last = Last,
        };
        PartCodec.WriteHeader(header, [], _used - HeaderSize, _open);
        var length = PartCodec.WriteTrace(_open, _trace);
        _closed.Enqueue(new OutputPart(header, _open.AsMemory(0, length), _trace));
        _previous = Last;
        _open = null;
        _trace = TraceContext.None;
        _used = _count = 0;
    }
}
