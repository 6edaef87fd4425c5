using System.Buffers.Binary;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Windows;

/// <summary>
/// The values of GROUP BY as one byte string: equal values give equal bytes (a float that is whole counts as the
/// bigint), and within one type the order of bytes is the order of values. NULLs form a group.
/// </summary>
internal sealed class GroupKey
{
    /// <summary>The longest key, in bytes of its values.</summary>
    public const int MostBytes = 1 << 20;

    private const int LeastSize = 256;
    private const byte NullTag = 1;
    private const byte BitTag = 2;
    private const byte BigintTag = 3;
    private const byte FloatTag = 4;
    private const byte DatetimeTag = 5;
    private const byte TextTag = 6;
    private const byte RecordTag = 7;
    private const byte ArrayTag = 8;
    private const byte AfterZero = 0xFF;
    private const double TwoTo63 = 9223372036854775808.0;

    private byte[] _bytes = new byte[LeastSize];
    private BufferUse _use;
    private int _length;

    /// <summary>Whether a value was left out because the key would have been longer than it may be.</summary>
    public bool IsTooLong { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear()
    {
        if (_use.IsOversized(_bytes.Length, _length))
        {
            _bytes = new byte[LeastSize];
        }

        _length = 0;
        IsTooLong = false;
    }

    public void Add(in Value value)
    {
        if (_length + (long)value.Bytes.Length > MostBytes)
        {
            IsTooLong = true;
            return;
        }

        switch (value.Kind)
        {
            case ValueKind.Null:
                Room(1)[0] = NullTag;
                _length++;
                break;
            case ValueKind.Bit:
                AddNumber(BitTag, (ulong)value.Bits);
                break;
            case ValueKind.Bigint:
                AddNumber(BigintTag, Flip(value.Bits));
                break;
            case ValueKind.Float:
                AddFloat(value.Double);
                break;
            case ValueKind.Datetime:
                AddNumber(DatetimeTag, Flip(value.Bits));
                break;
            default:
                AddBytes((byte)(TextTag + (value.Kind - ValueKind.Text)), value.Bytes);
                break;
        }
    }

    /// <summary>The value at the given place of a key.</summary>
    public static Value Read(ReadOnlySpan<byte> key, int index, Evaluation state)
    {
        while (true)
        {
            var tag = key[0];
            var length = tag == NullTag ? 1 : tag <= DatetimeTag ? 9 : BytesEnd(key);
            if (index-- == 0)
            {
                return Decode(tag, key[1..length], state);
            }

            key = key[length..];
        }
    }

    private static Value Decode(byte tag, ReadOnlySpan<byte> body, Evaluation state)
    {
        switch (tag)
        {
            case NullTag:
                return Value.Null;
            case BitTag:
                return Value.Of(BinaryPrimitives.ReadUInt64BigEndian(body) != 0);
            case BigintTag:
                return Value.Of(Unflip(BinaryPrimitives.ReadUInt64BigEndian(body)));
            case FloatTag:
                var bits = BinaryPrimitives.ReadUInt64BigEndian(body);
                bits = (bits & (1UL << 63)) != 0 ? bits ^ (1UL << 63) : ~bits;
                return Value.Of(BitConverter.UInt64BitsToDouble(bits));
            case DatetimeTag:
                return Value.OfTicks(Unflip(BinaryPrimitives.ReadUInt64BigEndian(body)));
            default:
                var kind = (ValueKind)(tag - TextTag + (int)ValueKind.Text);
                return Unescape(kind, body[..^2], state);
        }
    }

    private void AddFloat(double value)
    {
        if (value is >= -TwoTo63 and < TwoTo63 && value == Math.Floor(value))
        {
            AddNumber(BigintTag, Flip((long)value));
            return;
        }

        var bits = BitConverter.DoubleToUInt64Bits(value);
        AddNumber(FloatTag, (bits & (1UL << 63)) != 0 ? ~bits : bits | (1UL << 63));
    }

    private void AddNumber(byte tag, ulong bits)
    {
        var to = Room(9);
        to[0] = tag;
        BinaryPrimitives.WriteUInt64BigEndian(to[1..], bits);
        _length += 9;
    }

    /// <summary>A zero byte inside is followed by 0xFF, the end is two zero bytes.</summary>
    private void AddBytes(byte tag, ReadOnlySpan<byte> bytes)
    {
        var to = Room((bytes.Length * 2) + 3);
        to[0] = tag;
        var at = 1;
        while (bytes.IndexOf((byte)0) is var zero and >= 0)
        {
            bytes[..(zero + 1)].CopyTo(to[at..]);
            at += zero + 1;
            to[at++] = AfterZero;
            bytes = bytes[(zero + 1)..];
        }

        bytes.CopyTo(to[at..]);
        at += bytes.Length;
        to[at++] = 0;
        to[at++] = 0;
        _length += at;
    }

    private static int BytesEnd(ReadOnlySpan<byte> key)
    {
        var at = 1;
        while (true)
        {
            at += key[at..].IndexOf((byte)0) + 2;
            if (key[at - 1] != AfterZero)
            {
                return at;
            }
        }
    }

    private static Value Unescape(ValueKind kind, ReadOnlySpan<byte> bytes, Evaluation state)
    {
        if (bytes.IndexOf((byte)0) < 0)
        {
            return Value.Of(kind, 0, bytes);
        }

        if (!state.TryTake(bytes.Length, "GROUP BY", out var to))
        {
            return Value.Null;
        }

        var used = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            to[used++] = bytes[i];
            i += bytes[i] == 0 ? 1 : 0;
        }

        return Value.Of(kind, 0, to[..used]);
    }

    private static ulong Flip(long value) => (ulong)value ^ (1UL << 63);

    private static long Unflip(ulong bits) => (long)(bits ^ (1UL << 63));

    private Span<byte> Room(int length)
    {
        if (length > _bytes.Length - _length)
        {
            Array.Resize(ref _bytes, checked(Math.Max(_bytes.Length * 2, _length + length)));
        }

        return _bytes.AsSpan(_length);
    }
}
