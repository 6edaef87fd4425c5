using Pipeline.Queries.Values;

namespace Pipeline.Queries.Functions;

/// <summary>Calendar arithmetic as in T-SQL: weeks begin on Sunday, the week of January 1st is week 1.</summary>
internal static class Calendar
{
    private const long MaxTicks = 3155378975999999999;

    /// <summary>Months and years keep the day, or take the month's last; false outside the years 1 to 9999.</summary>
    public static bool TryAdd(DatePart part, long count, long ticks, out long result)
    {
        var unit = DatePartName.Ticks(part);
        if (unit > 0)
        {
            var sum = ticks + ((Int128)count * unit);
            result = sum >= 0 && sum <= MaxTicks ? (long)sum : 0;
            return result == sum;
        }

        CivilDate.FromDays(ticks / TimeSpan.TicksPerDay, out var year, out var month, out var day);
        var months = ((Int128)year * 12) + month - 1
            + ((Int128)count * (part switch { DatePart.Year => 12, DatePart.Quarter => 3, _ => 1 }));
        result = 0;
        if (months < 12 || months >= 120_000)
        {
            return false;
        }

        (year, month) = ((int)months / 12, ((int)months % 12) + 1);
        day = Math.Min(day, DateTime.DaysInMonth(year, month));
        result = (CivilDate.Days(year, month, day) * TimeSpan.TicksPerDay) + (ticks % TimeSpan.TicksPerDay);
        return true;
    }

    /// <summary>Year, month, day, hour, minute, second, millisecond; false where there is no such time.</summary>
    public static bool TryOf(ReadOnlySpan<long> parts, out long ticks)
    {
        ticks = 0;
        ReadOnlySpan<long> least = [1, 1, 1, 0, 0, 0, 0], most = [9999, 12, 31, 23, 59, 59, 999];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] < least[i] || parts[i] > most[i])
            {
                return false;
            }
        }

        if (parts[2] > DateTime.DaysInMonth((int)parts[0], (int)parts[1]))
        {
            return false;
        }

        ticks = (CivilDate.Days((int)parts[0], (int)parts[1], (int)parts[2]) * TimeSpan.TicksPerDay)
            + (parts[3] * TimeSpan.TicksPerHour) + (parts[4] * TimeSpan.TicksPerMinute)
            + (parts[5] * TimeSpan.TicksPerSecond) + (parts[6] * TimeSpan.TicksPerMillisecond);
        return true;
    }

    /// <summary>How many boundaries of the part lie between the two.</summary>
    public static long Difference(DatePart part, long from, long to)
    {
        if (part == DatePart.Week)
        {
            return Weeks(to) - Weeks(from);
        }

        var unit = DatePartName.Ticks(part);
        if (unit > 0)
        {
            return (to / unit) - (from / unit);
        }

        var months = Months(to) - Months(from);
        return part switch
        {
            DatePart.Year => (Months(to) / 12) - (Months(from) / 12),
            DatePart.Quarter => (Months(to) / 3) - (Months(from) / 3),
            _ => months,
        };
    }

    public static long Part(DatePart part, long ticks)
    {
        var days = ticks / TimeSpan.TicksPerDay;
        CivilDate.FromDays(days, out var year, out var month, out var day);
        return part switch
        {
            DatePart.Year => year,
            DatePart.Quarter => ((month - 1) / 3) + 1,
            DatePart.Month => month,
            DatePart.DayOfYear => days - CivilDate.Days(year, 1, 1) + 1,
            DatePart.Day => day,
            DatePart.Week => Weeks(ticks) - Weeks(CivilDate.Days(year, 1, 1) * TimeSpan.TicksPerDay) + 1,
            DatePart.WeekDay => ((days + 1) % 7) + 1,
            DatePart.Hour => ticks / TimeSpan.TicksPerHour % 24,
            DatePart.Minute => ticks / TimeSpan.TicksPerMinute % 60,
            DatePart.Second => ticks / TimeSpan.TicksPerSecond % 60,
            DatePart.Millisecond => ticks / TimeSpan.TicksPerMillisecond % 1000,
            _ => ticks / TimeSpan.TicksPerMicrosecond % 1_000_000,
        };
    }

    private static long Months(long ticks)
    {
        CivilDate.FromDays(ticks / TimeSpan.TicksPerDay, out var year, out var month, out _);
        return (year * 12L) + month - 1;
    }

    /// <summary>0001-01-01 was a Monday.</summary>
    private static long Weeks(long ticks) => ((ticks / TimeSpan.TicksPerDay) + 1) / 7;
}
