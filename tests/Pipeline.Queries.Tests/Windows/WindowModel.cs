using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

/// <summary>
/// The windows' rules written down once more, the slow and obvious way: all events are kept, every window is asked of
/// every event. Times are whole seconds; the query is COUNT(*), SUM(x), COUNT(DISTINCT x) by g over a hopping window.
/// </summary>
internal sealed class WindowModel(int size, int hop, int lateness)
{
    private readonly List<(int Time, string Group, int X, int Watermark)> _events = [];
    private readonly HashSet<int> _closed = [];
    private int _watermark = int.MinValue;

    public int Late { get; private set; }

    public List<string> Results { get; } = [];

    public void Event(int time, string group, int x)
    {
        _events.Add((time, group, x, _watermark));
        Late += Ends(time).Any(end => IsClosed(end, _watermark)) ? 1 : 0;
    }

    public void Watermark(int time)
    {
        _watermark = Math.Max(_watermark, time);
        foreach (var end in _events.SelectMany(e => Ends(e.Time)).Distinct().Order().ToList())
        {
            if (IsClosed(end, _watermark) && _closed.Add(end))
            {
                Close(end);
            }
        }
    }

    public static IEnumerable<string> Texts(Run run) => run.Output.Values.Zip(
        run.Output.Times, (value, time) => $"{value} @{(time - Run.Second(0)) / TimeSpan.TicksPerSecond}");

    private void Close(int end)
    {
        var counted = _events.Where(e => Ends(e.Time).Contains(end) && !IsClosed(end, e.Watermark));
        foreach (var group in counted.GroupBy(e => e.Group).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var (count, sum) = (group.Count(), group.Sum(e => e.X));
            var distinct = group.Select(e => e.X).Distinct().Count();
            Results.Add($"{{\"g\":\"{group.Key}\",\"n\":{count},\"s\":{sum},\"d\":{distinct}}} @{end}");
        }
    }

    private bool IsClosed(int end, int watermark) => watermark != int.MinValue && watermark > end + lateness;

    /// <summary>Second 0 of the tests, 2026-01-01, is a multiple of every hop here, counted from 0001-01-01.</summary>
    private IEnumerable<int> Ends(int time) =>
        Enumerable.Range(0, ((time + size) / hop) + 1).Select(i => i * hop)
            .Where(end => end - size < time && time <= end);
}
