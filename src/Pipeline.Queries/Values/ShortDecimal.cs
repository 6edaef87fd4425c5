using System.Buffers.Text;

namespace Pipeline.Queries.Values;

/// <summary>
/// Doubles that are a decimal with few digits, such as 21.5, written without a search for the shortest text: decimals
/// of up to 15 digits are read back as different doubles, so the first that reads back as this one is the shortest.
/// </summary>
internal static class ShortDecimal
{
    private const int MostDecimals = 4;
    private const double Bound = 1e10;

    public static bool TryFormat(double value, Span<byte> to, out int length)
    {
        length = 0;
        var magnitude = Math.Abs(value);
        if (!(magnitude is >= 1e-3 and < Bound))
        {
            return false;
        }

        long scale = 10;
        for (var decimals = 1; decimals <= MostDecimals; decimals++, scale *= 10)
        {
            var digits = (long)Math.Round(magnitude * scale);
            if ((double)digits / scale == magnitude)
            {
                length = Write(digits, scale, decimals, value < 0, to);
                return true;
            }
        }

        return false;
    }

    private static int Write(long digits, long scale, int decimals, bool negative, Span<byte> to)
    {
        var at = 0;
        if (negative)
        {
            to[at++] = (byte)'-';
        }

        Utf8Formatter.TryFormat(digits / scale, to[at..], out var written);
        at += written;
        to[at++] = (byte)'.';
        var fraction = digits % scale;
        for (var i = decimals - 1; i >= 0; i--)
        {
            to[at + i] = (byte)('0' + (fraction % 10));
            fraction /= 10;
        }

        return at + decimals;
    }
}
