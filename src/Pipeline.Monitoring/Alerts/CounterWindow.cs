namespace Pipeline.Monitoring.Alerts;

/// <summary>By how much a counter rose within a time, in at most so many steps.</summary>
/// <param name="window">The time.</param>
/// <param name="first">What it had before its first value here; NaN: unknown, what it had counts for nothing.</param>
internal sealed class CounterWindow(TimeSpan window, double first = double.NaN)
{
    private const int Steps = 30;

    private readonly Queue<(DateTimeOffset Time, double Total)> _kept = new();
    private DateTimeOffset _lastKept;
    private double _last = first;
    private double _total;

    /// <summary>The counter has this value now; a lesser one than before: it began anew.</summary>
    public double Take(DateTimeOffset now, double value)
    {
        if (_kept.Count == 0)
        {
            (_lastKept, _last) = (now, double.IsNaN(_last) ? value : _last);
            _kept.Enqueue((now, 0));
        }

        _total += value >= _last ? value - _last : value;
        _last = value;
        if (now - _lastKept >= window / Steps)
        {
            _kept.Enqueue((now, _total));
            _lastKept = now;
        }

        while (_kept.Count > 1 && now - _kept.Peek().Time > window)
        {
            _kept.Dequeue();
        }

        return _total - _kept.Peek().Total;
    }
}
