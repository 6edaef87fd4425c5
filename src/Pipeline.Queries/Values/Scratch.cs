namespace Pipeline.Queries.Values;

/// <summary>Memory for what is computed from one event; reset before the next.</summary>
internal sealed class Scratch
{
    private const int LeastSize = 1024;

    private byte[] _bytes = new byte[LeastSize];
    private BufferUse _use;
    private int _used;
    private int _most;

    /// <summary>Bytes in use; <see cref="Release"/> takes it.</summary>
    public int Used => _used;

    public int Capacity => _bytes.Length;

    public void Reset()
    {
        if (_use.IsOversized(_bytes.Length, Math.Max(_most, _used)))
        {
            _bytes = new byte[LeastSize];
        }

        _used = _most = 0;
    }

    /// <summary>Gives back what was taken since <see cref="Used"/> was <paramref name="used"/>.</summary>
    public void Release(int used)
    {
        _most = Math.Max(_most, _used);
        _used = used;
    }

    /// <summary>For what is short or given back at once; <see cref="Evaluation.TryTake"/> takes all else.</summary>
    public Span<byte> Take(int length)
    {
        var start = Reserve(length);
        return _bytes.AsSpan(start, length);
    }

    /// <summary>
    /// Gives back what was taken since <see cref="Used"/> was <paramref name="used"/>, but for the value's bytes, which
    /// move there.
    /// </summary>
    public HeldValue Settle(int used, in Value value)
    {
        Release(used);
        return Hold(value);
    }

    public HeldValue Hold(in Value value)
    {
        if (value.Bytes.IsEmpty)
        {
            return new HeldValue(value.Kind, value.Bits, 0, 0);
        }

        var start = Reserve(value.Bytes.Length);
        value.Bytes.CopyTo(_bytes.AsSpan(start));
        return new HeldValue(value.Kind, value.Bits, start, value.Bytes.Length);
    }

    public Value View(HeldValue held) => held.Length == 0
        ? Value.Of(held.Kind, held.Bits, default)
        : Value.Of(held.Kind, held.Bits, _bytes.AsSpan(held.Start, held.Length));

    private int Reserve(int length)
    {
        if (length > _bytes.Length - _used)
        {
            // Spans handed out before keep the old array alive.
            Array.Resize(ref _bytes, checked(Math.Max(_bytes.Length * 2, _used + length)));
        }

        var start = _used;
        _used += length;
        return start;
    }
}
