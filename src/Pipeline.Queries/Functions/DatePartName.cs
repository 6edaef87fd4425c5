namespace Pipeline.Queries.Functions;

/// <summary>The words for date parts, and the lengths of those that have a fixed one.</summary>
internal static class DatePartName
{
    public const string Expected =
        "year, quarter, month, dayofyear, day, week, weekday, hour, minute, second, millisecond or microsecond";

    public static bool TryParse(string word, out DatePart part)
    {
        DatePart? found = word.ToUpperInvariant() switch
        {
            "YEAR" or "YY" or "YYYY" => DatePart.Year,
            "QUARTER" or "QQ" or "Q" => DatePart.Quarter,
            "MONTH" or "MM" or "M" => DatePart.Month,
            "DAYOFYEAR" or "DY" or "Y" => DatePart.DayOfYear,
            "DAY" or "DD" or "D" => DatePart.Day,
            "WEEK" or "WK" or "WW" => DatePart.Week,
            "WEEKDAY" or "DW" or "W" => DatePart.WeekDay,
            "HOUR" or "HH" => DatePart.Hour,
            "MINUTE" or "MI" or "N" => DatePart.Minute,
            "SECOND" or "SS" or "S" => DatePart.Second,
            "MILLISECOND" or "MS" => DatePart.Millisecond,
            "MICROSECOND" or "MCS" => DatePart.Microsecond,
            _ => null,
        };
        part = found ?? default;
        return found is not null;
    }

    /// <summary>Ticks, or 0 where the length varies.</summary>
    public static long Ticks(DatePart part) => part switch
    {
        DatePart.Week => 7 * TimeSpan.TicksPerDay,
        DatePart.Day or DatePart.DayOfYear or DatePart.WeekDay => TimeSpan.TicksPerDay,
        DatePart.Hour => TimeSpan.TicksPerHour,
        DatePart.Minute => TimeSpan.TicksPerMinute,
        DatePart.Second => TimeSpan.TicksPerSecond,
        DatePart.Millisecond => TimeSpan.TicksPerMillisecond,
        DatePart.Microsecond => TimeSpan.TicksPerMicrosecond,
        _ => 0,
    };
}
