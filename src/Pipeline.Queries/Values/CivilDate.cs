namespace Pipeline.Queries.Values;

/// <summary>
/// Days since 0001-01-01 to and from the proleptic Gregorian calendar (H. Hinnant, chrono-compatible low-level date
/// algorithms).
/// </summary>
internal static class CivilDate
{
    private const int DaysBeforeYearOne = 306;

    public static long Days(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var era = y / 400;
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return ((long)era * 146097) + dayOfEra - DaysBeforeYearOne;
    }

    public static void FromDays(long days, out int year, out int month, out int day)
    {
        var shifted = days + DaysBeforeYearOne;
        var era = (int)(shifted / 146097);
        var dayOfEra = (int)(shifted - ((long)era * 146097));
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36524) - (dayOfEra / 146096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var m = ((5 * dayOfYear) + 2) / 153;
        day = dayOfYear - (((153 * m) + 2) / 5) + 1;
        month = m < 10 ? m + 3 : m - 9;
        year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
    }
}
