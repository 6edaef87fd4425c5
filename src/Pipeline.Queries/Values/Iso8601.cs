namespace Pipeline.Queries.Values;

/// <summary>
/// Times as text (ISO 8601, RFC 3339): <c>2026-01-31</c>, <c>2026-01-31T23:59</c>, <c>…:59.1234567Z</c>,
/// <c>…+02:00</c>; T may be a space; without a zone it is UTC; digits beyond 100 ns are cut. Ticks are 100 ns since
/// 0001-01-01T00:00:00Z.
/// </summary>
public static class Iso8601
{
    /// <summary>The longest text that <see cref="Format"/> writes.</summary>
    public const int MaxLength = 28;

    private const long MaxTicks = 3155378975999999999;

    public static bool TryParse(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < 10 || text[4] != (byte)'-' || text[7] != (byte)'-'
            || !TwoDigits(text, 0, out var century) || !TwoDigits(text, 2, out var year)
            || !TwoDigits(text, 5, out var month) || !TwoDigits(text, 8, out var day))
        {
            return false;
        }

        year += century * 100;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        ticks = CivilDate.Days(year, month, day) * TimeSpan.TicksPerDay;
        if (text.Length == 10)
        {
            return true;
        }

        text = text[10..];
        return text[0] is (byte)'T' or (byte)'t' or (byte)' ' && TryParseTime(text[1..], ref ticks);
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

    private static bool TryParseTime(ReadOnlySpan<byte> text, ref long ticks)
    {
        if (text.Length < 5 || text[2] != (byte)':' || !TwoDigits(text, 0, out var hour)
            || !TwoDigits(text, 3, out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        long seconds = (hour * 3600) + (minute * 60);
        var at = 5;
        if (text.Length > at && text[at] == (byte)':')
        {
            if (!TwoDigits(text, at + 1, out var second) || second > 59)
            {
                return false;
            }

            seconds += second;
            at += 3;
        }

        ticks += seconds * TimeSpan.TicksPerSecond;
        if (at > 5 && text.Length > at && text[at] is (byte)'.' or (byte)','
            && !TryAddFraction(text, ref at, ref ticks))
        {
            return false;
        }

        return TrySubtractZone(text[at..], ref ticks);
    }

    private static bool TryAddFraction(ReadOnlySpan<byte> text, ref int at, ref long ticks)
    {
        long unit = TimeSpan.TicksPerSecond;
        var start = ++at;
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
        {
            unit /= 10;
            ticks += unit * (text[at++] - '0');
        }

        return at > start;
    }

    private static bool TrySubtractZone(ReadOnlySpan<byte> zone, ref long ticks)
    {
        if (zone.IsEmpty || (zone.Length == 1 && zone[0] is (byte)'Z' or (byte)'z'))
        {
            return true;
        }

        if (zone[0] is not ((byte)'+' or (byte)'-') || !TwoDigits(zone, 1, out var hours) || hours > 18)
        {
            return false;
        }

        var minutes = 0;
        var minutesAt = zone.Length == 6 && zone[3] == (byte)':' ? 4 : 3;
        if (zone.Length != 3 && (zone.Length != minutesAt + 2 || !TwoDigits(zone, minutesAt, out minutes)
            || minutes > 59))
        {
            return false;
        }

        var offset = ((hours * 60) + minutes) * TimeSpan.TicksPerMinute;
        ticks += zone[0] == (byte)'+' ? -offset : offset;
        return ticks is >= 0 and <= MaxTicks;
    }

    private static bool TwoDigits(ReadOnlySpan<byte> text, int at, out int value)
    {
        value = 0;
        if (at + 2 > text.Length)
        {
            return false;
        }

        uint high = (uint)(text[at] - '0'), low = (uint)(text[at + 1] - '0');
        value = (int)((high * 10) + low);
        return high <= 9 && low <= 9;
    }

    private static void WriteTwo(Span<byte> to, int at, int value)
    {
        to[at + 1] = (byte)('0' + (value % 10));
        to[at] = (byte)('0' + (value / 10));
    }
}
