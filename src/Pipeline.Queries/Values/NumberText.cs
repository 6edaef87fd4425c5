using System.Buffers.Text;
using System.Globalization;

namespace Pipeline.Queries.Values;

/// <summary>Numbers as text: 64-bit integers exactly, everything else as the nearest IEEE double.</summary>
internal static class NumberText
{
    private const int MostExactDigits = 15;

    private static readonly double[] PowersOfTen =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>
    /// Reads a JSON number: <see cref="ValueKind.Bigint"/> where it has neither fraction nor exponent, else
    /// <see cref="ValueKind.Float"/>. False where it is not one, or does not fit.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Value value)
    {
        var at = 0;
        var negative = !text.IsEmpty && text[0] == (byte)'-';
        at += negative ? 1 : 0;
        long digits = 0;
        var start = at;
        while (at < text.Length && (uint)(text[at] - '0') <= 9 && at - start < 18)
        {
            digits = (digits * 10) + (text[at++] - '0');
        }

        if (at == text.Length && at > start)
        {
            value = Value.Of(negative ? -digits : digits);
            return true;
        }

        return TryParseFraction(text, at, start, digits, negative, out value) || TryParseSlowly(text, out value);
    }

    /// <summary>
    /// Up to 15 digits with a point: both they and the power of ten are exact doubles, so that one division rounds
    /// rightly (W. Clinger, How to read floating point numbers accurately, 1990).
    /// </summary>
    private static bool TryParseFraction(
        ReadOnlySpan<byte> text, int at, int start, long digits, bool negative, out Value value)
    {
        value = default;
        if (at == start || at >= text.Length || text[at] != (byte)'.' || text.Length - start > MostExactDigits + 1)
        {
            return false;
        }

        var point = at++;
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
        {
            digits = (digits * 10) + (text[at++] - '0');
        }

        if (at < text.Length || at == point + 1)
        {
            return false;
        }

        var magnitude = digits / PowersOfTen[at - point - 1];
        value = Value.Of(negative ? -magnitude : magnitude);
        return true;
    }

    private static bool TryParseSlowly(ReadOnlySpan<byte> text, out Value value)
    {
        value = default;
        if (text.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0)
        {
            var whole = Utf8Parser.TryParse(text, out long integer, out var used) && used == text.Length;
            value = whole ? Value.Of(integer) : default;
            return whole;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
            | NumberStyles.AllowExponent;
        if (!double.TryParse(text, Style, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return false;
        }

        value = Value.Of(number);
        return true;
    }
}
