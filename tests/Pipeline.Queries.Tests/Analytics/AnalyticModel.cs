namespace Pipeline.Queries.Tests.Analytics;

/// <summary>
/// What the calls of AnalyticProperties mean, the slow and obvious way: all events are kept, every call looks at each
/// of
/// them. Times are whole seconds.
/// </summary>
internal sealed class AnalyticModel(int lateness)
{
    private readonly List<(int Time, int K, int X)> _events = [];

    public int Watermark { get; set; } = -1000;

    public List<string> Results { get; } = [];

    public void Event(int time, int k, int x)
    {
        var a = Back(time, 20, 3, e => e.K == k) ?? "-1";
        var b = Back(time, 5, 1, e => e.X > 2) ?? "null";
        var c = x < 3 ? $"{x}" : Back(time, 10, 1, e => e.K == k && e.X < 3) ?? "null";
        var d = First(time, 10, _ => true);
        var f = x > 1 ? First(time, 7, e => e.K == k && e.X > 1) : 0;
        _events.Add((time, k, x));
        if (x < 5)
        {
            var sum = Range(time, 12).Where(e => e.K == k).Sum(e => e.X);
            var least = Range(time, 6).Where(e => e.X > 0).Select(e => $"{e.X}").Order(StringComparer.Ordinal);
            Results.Add($"{{\"k\":{k},\"a\":{a},\"b\":{b},\"c\":{c},\"d\":{d},\"e\":{f},"
                + $"\"f\":{sum},\"g\":{least.FirstOrDefault("null")}}}");
        }
    }

    private IEnumerable<(int Time, int K, int X)> Range(int time, int duration) => _events.SkipLast(1)
        .Where(e => e.Time <= time && e.Time > time - duration && e.Time > Watermark - lateness - duration)
        .Append(_events[^1]);

    private string? Back(int time, int duration, int offset, Func<(int Time, int K, int X), bool> matches)
    {
        var seen = _events.Where(matches).ToList();
        return seen.Count >= offset && seen[^offset] is var found && found.Time > time - duration
            && found.Time > Watermark - lateness - duration
            ? $"{found.X}"
            : null;
    }

    private int First(int time, int length, Func<(int Time, int K, int X), bool> matches)
    {
        var end = End(time, length);
        return Watermark <= end + lateness && !_events.Any(e => matches(e) && End(e.Time, length) == end) ? 1 : 0;
    }

    /// <summary>Counted from 0001-01-01, as windows are; the events' seconds begin with 2026.</summary>
    private static int End(int time, int length)
    {
        var epoch = new DateTime(2026, 1, 1).Ticks / TimeSpan.TicksPerSecond;
        return (int)(((epoch + time + length - 1) / length * length) - epoch);
    }
}
