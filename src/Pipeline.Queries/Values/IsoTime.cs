namespace Pipeline.Queries.Values;

/// <summary>
/// Times of day of ISO 8601: <c>10</c>, <c>10:20</c>, <c>10:20:30</c>, also without colons; the last part may have a
/// fraction, of which what is finer than 100 ns is cut; <c>24:00</c> is the end of the day. Then <c>Z</c>,
/// <c>+02</c>, <c>+0200</c>, <c>+02:00</c> or, for UTC, nothing.
/// </summary>
internal static class IsoTime
{
    private const int MostDigits = 18;

    public static bool TryParse(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (!IsoDigits.TryReadTwo(text, 0, out var hour) || hour > 24)
        {
            return false;
        }

        ticks = hour * TimeSpan.TicksPerHour;
        var at = 2;
        var unit = TimeSpan.TicksPerHour;
        if (TryPart(text, ref at, out var minute, out var isWrong))
        {
            ticks += minute * TimeSpan.TicksPerMinute;
            unit = TimeSpan.TicksPerMinute;
            if (TryPart(text, ref at, out var second, out isWrong))
            {
                ticks += second * TimeSpan.TicksPerSecond;
                unit = TimeSpan.TicksPerSecond;
            }
        }

        if (isWrong || (at < text.Length && text[at] is (byte)'.' or (byte)','
            && !TryAddFraction(text, unit, ref at, ref ticks)))
        {
            return false;
        }

        return ticks <= TimeSpan.TicksPerDay && TrySubtractZone(text[at..], ref ticks);
    }

    /// <summary>Minutes or seconds, with a colon before them or without.</summary>
    private static bool TryPart(ReadOnlySpan<byte> text, ref int at, out int value, out bool isWrong)
    {
        value = 0;
        isWrong = false;
        var start = at < text.Length && text[at] == (byte)':' ? at + 1 : at;
        if (IsoDigits.TryReadTwo(text, start, out value) && value <= 59)
        {
            at = start + 2;
            return true;
        }

        isWrong = start > at || (start < text.Length && (uint)(text[start] - '0') <= 9);
        return false;
    }

    private static bool TryAddFraction(ReadOnlySpan<byte> text, long unit, ref int at, ref long ticks)
    {
        long digits = 0, scale = 1;
        var start = ++at;
        for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++)
        {
            if (at - start < MostDigits)
            {
                digits = (digits * 10) + (text[at] - '0');
                scale *= 10;
            }
        }

        // Of seconds one of the two is a multiple of the other; of minutes and hours it takes more bits.
        ticks += unit % scale == 0 ? digits * (unit / scale)
            : scale % unit == 0 ? digits / (scale / unit)
            : (long)((Int128)digits * unit / scale);
        return at > start;
    }

    private static bool TrySubtractZone(ReadOnlySpan<byte> zone, ref long ticks)
    {
        if (zone.IsEmpty || (zone.Length == 1 && zone[0] is (byte)'Z' or (byte)'z'))
        {
            return true;
        }

        if (zone[0] is not ((byte)'+' or (byte)'-') || !IsoDigits.TryReadTwo(zone, 1, out var hours) || hours > 18)
        {
            return false;
        }

        var minutes = 0;
        var minutesAt = zone.Length == 6 && zone[3] == (byte)':' ? 4 : 3;
        if (zone.Length != 3 && (zone.Length != minutesAt + 2 || !IsoDigits.TryReadTwo(zone, minutesAt, out minutes)
            || minutes > 59))
        {
            return false;
        }

        var offset = ((hours * 60) + minutes) * TimeSpan.TicksPerMinute;
        ticks += zone[0] == (byte)'+' ? -offset : offset;
        return true;
    }
}
