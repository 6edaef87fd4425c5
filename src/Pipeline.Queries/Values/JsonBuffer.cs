using System.Buffers;
using System.Buffers.Text;

namespace Pipeline.Queries.Values;

/// <summary>
/// A growing buffer that results are written into as JSON; reused from event to event. It takes no more than
/// <paramref name="most"/> bytes: from then on it is full, and what it holds is of no use.
/// </summary>
internal sealed class JsonBuffer(int most = int.MaxValue)
{
    private const int LeastSize = 512;
    private const int LongestShort = 1000;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private byte[] _bytes = new byte[LeastSize];

    /// <summary>How far may be written without looking further.</summary>
    private int _room = Math.Min(LeastSize, most);
    private BufferUse _use;

    public int Length { get; private set; }

    /// <summary>Whether more was to be written than there may be.</summary>
    public bool IsFull { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        if (_use.IsOversized(_bytes.Length, Length))
        {
            _bytes = new byte[LeastSize];
            _room = Math.Min(LeastSize, most);
        }

        Length = 0;
        IsFull = false;
    }

    /// <summary>Takes back what was written behind a length.</summary>
    public void CutTo(int length) => Length = Math.Min(Length, length);

    public void Raw(ReadOnlySpan<byte> json)
    {
        if (json.Length <= _room - Length || TryGrow(json.Length))
        {
            json.CopyTo(_bytes.AsSpan(Length));
            Length += json.Length;
        }
    }

    public void Raw(byte one)
    {
        if (Length < _room || TryGrow(1))
        {
            _bytes[Length++] = one;
        }
    }

    public void Write(in Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                Raw("null"u8);
                break;
            case ValueKind.Bit:
                Raw(value.Bits != 0 ? "true"u8 : "false"u8);
                break;
            case ValueKind.Bigint:
                Span<byte> digits = stackalloc byte[20];
                Utf8Formatter.TryFormat(value.Bits, digits, out var written);
                Raw(digits[..written]);
                break;
            case ValueKind.Float:
                WriteFloat(value.Double);
                break;
            case ValueKind.Datetime:
                Span<byte> time = stackalloc byte[Iso8601.MaxLength];
                Raw((byte)'"');
                Raw(time[..Iso8601.Format(value.Bits, time)]);
                Raw((byte)'"');
                break;
            case ValueKind.Text:
                WriteText(value.Bytes);
                break;
            default:
                Raw(value.Bytes);
                break;
        }
    }

    /// <summary>The value, for people: of a long one only the beginning, as a text.</summary>
    public void WriteShort(in Value value)
    {
        if (value.Bytes.Length <= LongestShort)
        {
            Write(value);
            return;
        }

        var end = LongestShort;
        while ((value.Bytes[end] & 0xC0) == 0x80)
        {
            end--;
        }

        Raw((byte)'"');
        WriteInside(value.Bytes[..end]);
        Raw("…\""u8);
    }

    /// <summary>The shortest text that reads back as the same double; always with a point or an exponent.</summary>
    public void WriteFloat(double value)
    {
        Span<byte> digits = stackalloc byte[32];
        if (ShortDecimal.TryFormat(value, digits, out var length))
        {
            Raw(digits[..length]);
            return;
        }

        Utf8Formatter.TryFormat(value, digits, out var written);
        Raw(digits[..written]);
        if (digits[..written].IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            Raw(".0"u8);
        }
    }

    public void WriteText(ReadOnlySpan<byte> text)
    {
        Raw((byte)'"');
        WriteInside(text);
        Raw((byte)'"');
    }

    private void WriteInside(ReadOnlySpan<byte> text)
    {
        while (!IsFull)
        {
            var next = text.IndexOfAny(Escaped);
            if (next < 0)
            {
                Raw(text);
                return;
            }

            Raw(text[..next]);
            WriteEscape(text[next]);
            text = text[(next + 1)..];
        }
    }

    private void WriteEscape(byte value)
    {
        Raw((byte)'\\');
        switch (value)
        {
            case (byte)'"' or (byte)'\\':
                Raw(value);
                break;
            case (byte)'\n':
                Raw((byte)'n');
                break;
            case (byte)'\r':
                Raw((byte)'r');
                break;
            case (byte)'\t':
                Raw((byte)'t');
                break;
            default:
                Raw("u00"u8);
                Raw("0123456789abcdef"u8[value >> 4]);
                Raw("0123456789abcdef"u8[value & 15]);
                break;
        }
    }

    /// <summary>False where there may not be so much.</summary>
    private bool TryGrow(int length)
    {
        if (length > most - Length)
        {
            IsFull = true;
            return false;
        }

        if (length > _bytes.Length - Length)
        {
            Array.Resize(ref _bytes, checked(Math.Max(_bytes.Length * 2, Length + length)));
        }

        _room = Math.Min(_bytes.Length, most);
        return true;
    }
}
