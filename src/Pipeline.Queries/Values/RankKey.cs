using System.Buffers.Binary;

namespace Pipeline.Queries.Values;

/// <summary>
/// A number, a time or NULL as bytes of one length whose order is that of the values, NULL before all: a bigint by the
/// double next to it, then by its distance from that, so that bigints and floats compare exactly.
/// </summary>
internal static class RankKey
{
    public const int Bytes = 17;

    private const ulong SignBit = 1UL << 63;
    private const byte NumberTag = 1;
    private const byte DatetimeTag = 2;

    /// <summary>False, and an error, where the value has no rank.</summary>
    public static bool TryWrite(Value value, bool descending, Evaluation state, Span<byte> to)
    {
        if (value.Kind == ValueKind.Text && !state.IsStrict)
        {
            value = ImplicitConversion.TryNumber(value.Bytes, out var number) ? number
                : Iso8601.TryParse(value.Bytes, out var ticks) ? Value.OfTicks(ticks)
                : value;
        }

        to.Clear();
        switch (value.Kind)
        {
            case ValueKind.Null:
                break;
            case ValueKind.Bigint or ValueKind.Float:
                WriteNumber(value, to);
                break;
            case ValueKind.Datetime:
                to[0] = DatetimeTag;
                BinaryPrimitives.WriteUInt64BigEndian(to[1..], (ulong)value.Bits ^ SignBit);
                break;
            default:
                state.Fail($"ORDER BY: bigint, float or datetime was expected, {Evaluation.Quote(value)} is "
                    + KindName.Of(value.Kind));
                return false;
        }

        for (var i = 0; descending && i < Bytes; i++)
        {
            to[i] = (byte)~to[i];
        }

        return true;
    }

    private static void WriteNumber(in Value number, Span<byte> to)
    {
        // The sum makes one zero of two.
        var real = number.Double + 0.0;
        var bits = BitConverter.DoubleToUInt64Bits(real);
        var rest = number.Kind == ValueKind.Bigint ? (long)(number.Bits - (Int128)real) : 0;
        to[0] = NumberTag;
        BinaryPrimitives.WriteUInt64BigEndian(to[1..], (bits & SignBit) != 0 ? ~bits : bits | SignBit);
        BinaryPrimitives.WriteUInt64BigEndian(to[9..], (ulong)rest ^ SignBit);
    }
}
