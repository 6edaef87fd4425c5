using System.Buffers;
using System.Buffers.Text;

namespace Pipeline.Queries.Values;

/// <summary>A growing buffer that results are written into as JSON; reused from event to event.</summary>
internal sealed class JsonBuffer
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private byte[] _bytes = new byte[512];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Room(json.Length));
        Length += json.Length;
    }

    public void Raw(byte one)
    {
        Room(1)[0] = one;
        Length++;
    }

    /// <summary>Cuts back to an earlier length.</summary>
    public void CutTo(int length) => Length = length;

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
                Utf8Formatter.TryFormat(value.Bits, Room(20), out var written);
                Length += written;
                break;
            case ValueKind.Float:
                WriteFloat(value.Double);
                break;
            case ValueKind.Datetime:
                Raw((byte)'"');
                Length += Iso8601.Format(value.Bits, Room(Iso8601.MaxLength));
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

    /// <summary>The shortest text that reads back as the same double; always with a point or an exponent.</summary>
    public void WriteFloat(double value)
    {
        var room = Room(32);
        if (ShortDecimal.TryFormat(value, room, out var length))
        {
            Length += length;
            return;
        }

        Utf8Formatter.TryFormat(value, room, out var written);
        Length += written;
        if (room[..written].IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            Raw(".0"u8);
        }
    }

    public void WriteText(ReadOnlySpan<byte> text)
    {
        Raw((byte)'"');
        while (true)
        {
            var next = text.IndexOfAny(Escaped);
            if (next < 0)
            {
                Raw(text);
                Raw((byte)'"');
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

    private Span<byte> Room(int length)
    {
        if (length > _bytes.Length - Length)
        {
            Array.Resize(ref _bytes, checked(Math.Max(_bytes.Length * 2, Length + length)));
        }

        return _bytes.AsSpan(Length);
    }
}
