namespace Pipeline.Queries.Values;

/// <summary>
/// Times as text (ISO 8601, RFC 3339): a date (<see cref="IsoDate"/>), or a date and behind T or a space a time of day
/// (<see cref="IsoTime"/>). Ticks are 100 ns since 0001-01-01T00:00:00Z.
/// </summary>
public static class Iso8601
{
    /// <summary>The longest text that <see cref="Format"/> writes.</summary>
    public const int MaxLength = 28;

    private const long MaxTicks = 3155378975999999999;

    public static bool TryParse(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        var end = text.Length > 10 && IsSeparator(text[10]) ? 10 : text.IndexOfAny("Tt "u8);
        if (!IsoDate.TryParse(end < 0 ? text : text[..end], out var days, out var isWhole) || (end >= 0 && !isWhole))
        {
            return false;
        }

        long time = 0;
        if (end >= 0 && !IsoTime.TryParse(text[(end + 1)..], out time))
        {
            return false;
        }

        ticks = (days * TimeSpan.TicksPerDay) + time;
        return ticks is >= 0 and <= MaxTicks;
    }

    /// <summary>Writes UTC: no fraction where it is zero, else three digits or seven; returns the length.</summary>
    public static int Format(long ticks, Span<byte> to)
    {
        // The last window of the year 9999 ends behind what can be written.
        ticks = Math.Clamp(ticks, 0, MaxTicks);
        var days = ticks / TimeSpan.TicksPerDay;
        var time = ticks % TimeSpan.TicksPerDay;
        CivilDate.FromDays(days, out var year, out var month, out var day);
        WriteTwo(to, 0, year / 100);
        WriteTwo(to, 2, year % 100);
        to[4] = (byte)'-';
        WriteTwo(to, 5, month);
        to[7] = (byte)'-';
        WriteTwo(to, 8, day);
        to[10] = (byte)'T';
        var seconds = (int)(time / TimeSpan.TicksPerSecond);
        WriteTwo(to, 11, seconds / 3600);
        to[13] = (byte)':';
        WriteTwo(to, 14, seconds / 60 % 60);
        to[16] = (byte)':';
        WriteTwo(to, 17, seconds % 60);
        var at = 19;
        var fraction = (int)(time % TimeSpan.TicksPerSecond);
        if (fraction != 0)
        {
            to[at++] = (byte)'.';
            var digits = fraction % 10_000 == 0 ? 3 : 7;
            fraction = digits == 3 ? fraction / 10_000 : fraction;
            for (var i = digits - 1; i >= 0; i--)
            {
                to[at + i] = (byte)('0' + (fraction % 10));
                fraction /= 10;
            }

            at += digits;
        }

        to[at] = (byte)'Z';
        return at + 1;
    }

    private static bool IsSeparator(byte one) => one is (byte)'T' or (byte)'t' or (byte)' ';

    private static void WriteTwo(Span<byte> to, int at, int value)
    {
        to[at + 1] = (byte)('0' + (value % 10));
        to[at] = (byte)('0' + (value / 10));
    }
}
