namespace Pipeline.Queries.Values;

/// <summary>
/// Dates of ISO 8601: by month (<c>2026-01-31</c>, <c>20260131</c>), by day of the year (<c>2026-031</c>), by week
/// (<c>2026-W05-6</c>, Mondays first), each also without hyphens; month and week may stand alone, for their first day.
/// </summary>
internal static class IsoDate
{
    /// <summary>Days since 0001-01-01; <paramref name="isWhole"/> is false for a month or week alone.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long days, out bool isWhole)
    {
        days = 0;
        isWhole = true;
        if (text.Length is < 7 or > 10 || !IsoDigits.TryRead(text[..4], out var year) || year < 1)
        {
            return false;
        }

        var rest = text[4..];
        var isExtended = rest[0] == (byte)'-';
        rest = isExtended ? rest[1..] : rest;
        if (rest[0] is (byte)'W' or (byte)'w')
        {
            return TryWeek(year, rest[1..], isExtended, out days, out isWhole);
        }

        if (rest.Length == 3 && IsoDigits.TryRead(rest, out var day))
        {
            days = CivilDate.Days(year, 1, 1) + day - 1;
            return day >= 1 && day <= (DateTime.IsLeapYear(year) ? 366 : 365);
        }

        isWhole = rest.Length != 2;
        return IsoDigits.TryRead(rest[..2], out var month) && TryMonth(year, month, rest[2..], isExtended, out days);
    }

    private static bool TryMonth(int year, int month, ReadOnlySpan<byte> rest, bool isExtended, out long days)
    {
        var day = 1;
        days = 0;
        var hasDay = rest.Length == (isExtended ? 3 : 2) && (!isExtended || rest[0] == (byte)'-')
            && IsoDigits.TryRead(rest[^2..], out day);
        if ((!hasDay && !(rest.IsEmpty && isExtended)) || month is < 1 or > 12
            || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        days = CivilDate.Days(year, month, day);
        return true;
    }

    private static bool TryWeek(int year, ReadOnlySpan<byte> rest, bool isExtended, out long days, out bool isWhole)
    {
        days = 0;
        isWhole = rest.Length > 2;
        var dayAt = isExtended ? 3 : 2;
        if (rest.Length < 2 || !IsoDigits.TryRead(rest[..2], out var week) || week < 1)
        {
            return false;
        }

        var day = 1;
        if (isWhole && (rest.Length != dayAt + 1 || (isExtended && rest[2] != (byte)'-')
            || !IsoDigits.TryRead(rest[dayAt..], out day) || day is < 1 or > 7))
        {
            return false;
        }

        // The first week has January 4th in it; the last one is before the next year's first.
        var first = Monday(CivilDate.Days(year, 1, 4));
        days = first + ((week - 1) * 7) + day - 1;
        return days >= 0 && week <= (Monday(CivilDate.Days(year + 1, 1, 4)) - first) / 7;
    }

    /// <summary>0001-01-01 was a Monday.</summary>
    private static long Monday(long days) => days - (days % 7);
}
