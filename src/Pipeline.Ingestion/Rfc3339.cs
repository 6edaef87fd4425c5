namespace Pipeline.Ingestion;

/// <summary>Points in time as RFC 3339, section 5.6, has them; CloudEvents have no others.</summary>
public static class Rfc3339
{
    public const string Example = "2026-01-01T00:00:00Z";

    private const int DateLength = 10;
    private const int TimeLength = 8;

    /// <summary>Whether the text is one date-time: with the day in its month, and an offset.</summary>
    public static bool IsTime(ReadOnlySpan<byte> text)
    {
        if (text.Length <= DateLength + 1 + TimeLength || !IsDate(text[..DateLength])
            || text[DateLength] is not ((byte)'T' or (byte)'t') || !IsClock(text.Slice(DateLength + 1, TimeLength)))
        {
            return false;
        }

        var rest = text[(DateLength + 1 + TimeLength)..];
        if (rest[0] == '.')
        {
            var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (digits < 1)
            {
                return false;
            }

            rest = rest[(1 + digits)..];
        }

        return IsOffset(rest);
    }

    private static bool IsDate(ReadOnlySpan<byte> text) =>
        text[4] == '-' && text[7] == '-'
        && Number(text[..4]) is >= 0 and var year
        && Number(text[5..7]) is >= 1 and <= 12 and var month
        && Number(text[8..]) is >= 1 and var day
        && day <= DateTime.DaysInMonth(Math.Max(1, year), month);

    /// <summary>The second 60 is a leap second.</summary>
    private static bool IsClock(ReadOnlySpan<byte> text) =>
        text[2] == ':' && text[5] == ':'
        && Number(text[..2]) is >= 0 and <= 23
        && Number(text[3..5]) is >= 0 and <= 59
        && Number(text[6..]) is >= 0 and <= 60;

    private static bool IsOffset(ReadOnlySpan<byte> text) => text.Length == 1
        ? text[0] is (byte)'Z' or (byte)'z'
        : text.Length == 6 && text[0] is (byte)'+' or (byte)'-' && text[3] == ':'
            && Number(text[1..3]) is >= 0 and <= 23 && Number(text[4..]) is >= 0 and <= 59;

    /// <summary>-1: not digits alone.</summary>
    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            number = (number * 10) + digit - '0';
        }

        return number;
    }
}
