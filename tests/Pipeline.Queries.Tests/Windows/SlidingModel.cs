namespace Pipeline.Queries.Tests.Windows;

/// <summary>
/// Sliding windows second by second: each second is asked whether an event enters or leaves at it, and what is in its
/// window then. The query is COUNT(*), SUM(x) by g.
/// </summary>
internal sealed class SlidingModel(int size, int lateness)
{
    private readonly List<(int Time, string Group, int X)> _events = [];
    private int _done = -1000;

    public int Late { get; private set; }

    public List<string> Results { get; } = [];

    public void Event(int time, string group, int x)
    {
        Late += time < _done ? 1 : 0;
        if (time + size > _done)
        {
            _events.Add((time, group, x));
        }
    }

    public void Watermark(int time)
    {
        for (; _done < time - lateness; _done++)
        {
            var changed = _events.Where(e => e.Time == _done || e.Time + size == _done).Select(e => e.Group);
            foreach (var group in changed.Distinct().Order(StringComparer.Ordinal).ToList())
            {
                var inside = _events.Where(e => e.Group == group && e.Time > _done - size && e.Time <= _done).ToList();
                if (inside.Count > 0)
                {
                    var (count, sum) = (inside.Count, inside.Sum(e => e.X));
                    Results.Add($"{{\"g\":\"{group}\",\"n\":{count},\"s\":{sum}}} @{_done}");
                }
            }
        }
    }
}
