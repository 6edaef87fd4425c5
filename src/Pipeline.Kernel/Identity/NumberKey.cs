using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;

namespace Pipeline.Kernel.Identity;

/// <summary>
/// Keys that read as JSON numbers (RFC 8259, section 6), in one form for each value: a value that is whole and fits 64
/// bits as its digits, another as the bits of its double. Numbers that fit neither, and all other keys, stay as they
/// are.
/// </summary>
internal static class NumberKey
{
    /// <summary>Room for the longest form.</summary>
    public const int MaxLength = 24;

    /// <summary>No text begins with this byte: it is not UTF-8.</summary>
    private const byte DoubleMark = 0xFF;

    private const double TwoTo63 = 9223372036854775808.0;

    /// <summary>
    /// Whether the key's one form may be another than the key: most keys are not numbers, and of those that are, most
    /// are whole. "-0" is the only whole number that is written in two ways.
    /// </summary>
    public static bool MayDiffer(ReadOnlySpan<byte> key) =>
        !key.IsEmpty && (uint)(key[0] - '-') <= '9' - '-'
        && (key.IndexOfAny((byte)'.', (byte)'e', (byte)'E') >= 0 || key.SequenceEqual("-0"u8));

    /// <summary>The key in its one form: itself, or what is put into <paramref name="to"/>.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> key, Span<byte> to)
    {
        if (key.IsEmpty || key[0] is not ((byte)'-' or (>= (byte)'0' and <= (byte)'9')))
        {
            return key;
        }

        if (!IsNumber(key, out var isWhole))
        {
            return key;
        }

        if (isWhole)
        {
            // "-0" is the only whole number written in two ways.
            return key.SequenceEqual("-0"u8) ? "0"u8 : key;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
            | NumberStyles.AllowExponent;
        return double.TryParse(key, Style, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? Of(value, to)
            : key;
    }

    private static ReadOnlySpan<byte> Of(double value, Span<byte> to)
    {
        if (value is >= -TwoTo63 and < TwoTo63 && value == Math.Floor(value))
        {
            Utf8Formatter.TryFormat((long)value, to, out var length);
            return to[..length];
        }

        to[0] = DoubleMark;
        BinaryPrimitives.WriteDoubleBigEndian(to[1..], value);
        return to[..9];
    }

    private static bool IsNumber(ReadOnlySpan<byte> text, out bool isWhole)
    {
        isWhole = true;
        var at = text[0] == (byte)'-' ? 1 : 0;
        var digits = Digits(text, ref at);
        if (digits == 0 || (digits > 1 && text[at - digits] == (byte)'0'))
        {
            return false;
        }

        if (at < text.Length && text[at] == (byte)'.')
        {
            at++;
            isWhole = false;
            if (Digits(text, ref at) == 0)
            {
                return false;
            }
        }

        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            at++;
            isWhole = false;
            at += at < text.Length && text[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            if (Digits(text, ref at) == 0)
            {
                return false;
            }
        }

        return at == text.Length;
    }

    private static int Digits(ReadOnlySpan<byte> text, ref int at)
    {
        var start = at;
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
        {
            at++;
        }

        return at - start;
    }
}
