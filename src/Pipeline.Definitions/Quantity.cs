using System.Globalization;

namespace Pipeline.Definitions;

/// <summary>Durations ("500ms", "10s", "5m", "12h", "7d") and sizes ("100B", "64KiB", "1.5MiB", "1GiB").</summary>
public static class Quantity
{
    private static readonly (string Unit, double Milliseconds)[] Durations =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    private static readonly (string Unit, double Bytes)[] Sizes =
        [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("B", 1)];

    public static bool TryDuration(string text, out TimeSpan duration)
    {
        var parsed = TryParse(text, Durations, out var milliseconds) && milliseconds < 1e14;
        duration = parsed ? TimeSpan.FromMilliseconds(milliseconds) : default;
        return parsed;
    }

    public static bool TrySize(string text, out long bytes)
    {
        var parsed = TryParse(text, Sizes, out var value) && value < 1e15;
        bytes = parsed ? (long)value : 0;
        return parsed;
    }

    private static bool TryParse(string text, (string Unit, double Factor)[] units, out double value)
    {
        value = 0;
        foreach (var (unit, factor) in units)
        {
            var number = text.AsSpan()[..Math.Max(0, text.Length - unit.Length)].TrimEnd();
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value))
            {
                value *= factor;
                return true;
            }
        }

        return false;
    }
}
