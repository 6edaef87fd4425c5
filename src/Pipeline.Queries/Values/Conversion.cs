using System.Text;

namespace Pipeline.Queries.Values;

/// <summary>CAST: what can be read as what.</summary>
internal static class Conversion
{
    private const double TwoTo63 = 9223372036854775808.0;

    public static bool TryConvert(Value value, ValueKind to, Scratch scratch, out Value result)
    {
        result = default;
        switch (to)
        {
            case ValueKind.Bigint:
                return TryBigint(value, out result);
            case ValueKind.Float:
                return TryFloat(value, out result);
            case ValueKind.Bit:
                return TryBit(value, out result);
            case ValueKind.Datetime:
                var text = value.Kind == ValueKind.Text ? Trim(value.Bytes) : default;
                var readable = Iso8601.TryParse(text, out var ticks);
                result = readable ? Value.OfTicks(ticks) : default;
                return readable;
            case ValueKind.Text:
                result = Value.OfText(Text(value, scratch));
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// The value as text: numbers and times as JSON writes them, bits as 1 and 0, records and arrays as their JSON.
    /// </summary>
    public static ReadOnlySpan<byte> Text(Value value, Scratch scratch)
    {
        switch (value.Kind)
        {
            case ValueKind.Bit:
                return value.Bits != 0 ? "1"u8 : "0"u8;
            case ValueKind.Null:
                return default;
            case ValueKind.Bigint or ValueKind.Float or ValueKind.Datetime:
                var buffer = new JsonBuffer();
                buffer.Write(value);
                var written = value.Kind == ValueKind.Datetime ? buffer.Written[1..^1] : buffer.Written;
                var to = scratch.Take(written.Length);
                written.CopyTo(to);
                return to;
            default:
                return value.Bytes;
        }
    }

    private static bool TryBigint(scoped in Value value, out Value result)
    {
        result = default;
        switch (value.Kind)
        {
            case ValueKind.Bit:
                result = Value.Of(value.Bits);
                return true;
            case ValueKind.Float when value.Double is >= -TwoTo63 and < TwoTo63:
                result = Value.Of((long)value.Double);
                return true;
            case ValueKind.Text when NumberText.TryParse(Trim(value.Bytes), out var number)
                && number.Kind == ValueKind.Bigint:
                result = Value.Of(number.Bits);
                return true;
            default:
                return false;
        }
    }

    private static bool TryFloat(scoped in Value value, out Value result)
    {
        result = default;
        switch (value.Kind)
        {
            case ValueKind.Bit or ValueKind.Bigint:
                result = Value.Of((double)value.Bits);
                return true;
            case ValueKind.Text when NumberText.TryParse(Trim(value.Bytes), out var number):
                result = Value.Of(number.Double);
                return true;
            default:
                return false;
        }
    }

    private static bool TryBit(scoped in Value value, out Value result)
    {
        result = default;
        switch (value.Kind)
        {
            case ValueKind.Bigint or ValueKind.Float:
                result = Value.Of(value.Double != 0);
                return true;
            case ValueKind.Text:
                var text = Trim(value.Bytes);
                var isTrue = Ascii.EqualsIgnoreCase(text, "true"u8) || text.SequenceEqual("1"u8);
                result = Value.Of(isTrue);
                return isTrue || Ascii.EqualsIgnoreCase(text, "false"u8) || text.SequenceEqual("0"u8);
            default:
                return false;
        }
    }

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text[Ascii.Trim(text)];
}
