namespace Pipeline.Queries.Values;

/// <summary>Memory for what is computed from one event; reset before the next. It keeps its size.</summary>
internal sealed class Scratch
{
    private byte[] _bytes = new byte[1024];
    private int _used;

    public void Reset() => _used = 0;

    public Span<byte> Take(int length)
    {
        var start = Reserve(length);
        return _bytes.AsSpan(start, length);
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

    public Value View(in HeldValue held) => held.Length == 0
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
