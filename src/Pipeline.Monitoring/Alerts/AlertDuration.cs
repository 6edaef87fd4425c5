using System.Globalization;

namespace Pipeline.Monitoring.Alerts;

/// <summary>Times as <c>30s</c>, <c>5m</c>, <c>1h</c>, <c>2d</c>.</summary>
internal static class AlertDuration
{
    public const string Expected = "a whole number with s, m, h or d, as 30s or 1h";

    private const int MaxDigits = 6;

    public static bool TryRead(string? text, out TimeSpan duration)
    {
        duration = default;
        var unit = text is { Length: > 1 and <= MaxDigits + 1 } ? UnitOf(text[^1]) : TimeSpan.Zero;
        if (unit == TimeSpan.Zero
            || !int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        duration = unit * number;
        return true;
    }

    private static TimeSpan UnitOf(char unit) => unit switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => TimeSpan.Zero,
    };
}
