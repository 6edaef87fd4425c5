namespace Pipeline.Queries.Tests.Windows;

/// <summary>
/// Sessions by k, second by second: what is open, when it ends, where it is cut. The query is COUNT(*), SUM(x) by g.
/// </summary>
internal sealed class SessionModel(int timeout, int longest, int lateness)
{
    private readonly SortedDictionary<int, List<(int Time, string Group, int X)>> _events = [];
    private readonly Dictionary<int, (int At, int Last)> _cuts = [];
    private int _watermark = -1000;

    public int Late { get; private set; }

    public List<string> Results { get; } = [];

    public void Event(int time, int k, string group, int x)
    {
        _events.TryAdd(k, []);
        if (_events[k].Count == 0 && _cuts.TryGetValue(k, out var cut) && cut.At + timeout + lateness < _watermark)
        {
            _cuts.Remove(k);
        }

        var hasCut = _cuts.TryGetValue(k, out cut);
        var joins = _events[k].Any(e => Math.Abs(e.Time - time) <= timeout) || (hasCut && time - cut.Last <= timeout);
        if ((hasCut && time <= cut.At) || (!joins && time + timeout + lateness < _watermark))
        {
            Late++;
            return;
        }

        _events[k].Add((time, group, x));
    }

    public void Watermark(int time)
    {
        if (time <= _watermark)
        {
            return;
        }

        _watermark = time;
        var closed = new List<(int End, int K, string Text)>();
        foreach (var k in _events.Keys)
        {
            while (TryClose(k, closed))
            {
            }
        }

        Results.AddRange(closed.OrderBy(c => c.End).ThenBy(c => c.K).Select(c => c.Text));
    }

    private bool TryClose(int k, List<(int End, int K, string Text)> closed)
    {
        var events = _events[k];
        if (events.Count == 0)
        {
            return false;
        }

        var first = events.Min(e => e.Time);
        var (start, last, content) = (first, first, new List<(int Time, string Group, int X)>());
        if (_cuts.TryGetValue(k, out var cut) && first - cut.Last <= timeout)
        {
            (start, last) = cut;
        }

        for (var second = start; ; second++)
        {
            var now = events.Where(e => e.Time == second).ToList();
            content.AddRange(now);
            last = now.Count > 0 ? second : last;
            var isEnd = second >= last + timeout;
            var isCut = !isEnd && longest > 0 && second % longest == 0 && second - start >= longest;
            if (isCut && content.Count == 0)
            {
                start = second;
            }
            else if (isEnd || isCut)
            {
                return second + lateness < _watermark && Close(k, second, isCut ? last : null, content, closed);
            }
        }
    }

    private bool Close(
        int k, int end, int? cutAfter, List<(int Time, string Group, int X)> content,
        List<(int End, int K, string Text)> closed)
    {
        foreach (var group in content.GroupBy(e => e.Group).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            closed.Add((end, k, $"{{\"g\":\"{group.Key}\",\"n\":{group.Count()},\"s\":{group.Sum(e => e.X)}}} @{end}"));
        }

        content.ForEach(e => _events[k].Remove(e));
        _cuts.Remove(k);
        if (cutAfter is { } last)
        {
            _cuts[k] = (end, last);
        }

        return true;
    }
}
