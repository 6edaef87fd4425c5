using System.Buffers.Binary;
using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Keeping;

/// <summary>Values as bytes, one behind the other: kind, number, length and bytes of each.</summary>
internal sealed class KeptValues
{
    private const int HeadBytes = 13;

    private byte[] _bytes = new byte[64];
    private BufferUse _use;
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear()
    {
        if (_use.IsOversized(_bytes.Length, _length))
        {
            _bytes = new byte[64];
        }

        _length = 0;
    }

    public void Add(in Value value)
    {
        var length = HeadBytes + value.Bytes.Length;
        if (length > _bytes.Length - _length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        }

        var to = _bytes.AsSpan(_length);
        to[0] = (byte)value.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(to[1..], value.Bits);
        BinaryPrimitives.WriteInt32LittleEndian(to[9..], value.Bytes.Length);
        value.Bytes.CopyTo(to[HeadBytes..]);
        _length += length;
    }

    /// <summary>The first value, which is then taken off.</summary>
    public static Value Take(scoped ref ReadOnlySpan<byte> from)
    {
        var length = HeadBytes + BinaryPrimitives.ReadInt32LittleEndian(from[9..]);
        var value = Value.Of(
            (ValueKind)from[0], BinaryPrimitives.ReadInt64LittleEndian(from[1..]), from[HeadBytes..length]);
        from = from[length..];
        return value;
    }

    /// <summary>Throws where the bytes are not that many values.</summary>
    public static void Check(ReadOnlySpan<byte> from, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var length = from.Length < HeadBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(from[9..]);
            if (length < 0 || length > from.Length - HeadBytes || from[0] > (byte)ValueKind.Array)
            {
                throw StateReader.Invalid();
            }

            from = from[(HeadBytes + length)..];
        }

        if (!from.IsEmpty)
        {
            throw StateReader.Invalid();
        }
    }
}
