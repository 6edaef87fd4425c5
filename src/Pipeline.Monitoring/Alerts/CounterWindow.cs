namespace Pipeline.Monitoring.Alerts;

/// <summary>By how much a counter rose within a time, in at most so many steps.</summary>
internal sealed class CounterWindow(TimeSpan window)
{
    private const int Steps = 30;

    private readonly Queue<(DateTimeOffset Time, double Total)> _kept = new();
    private DateTimeOffset _lastKept;
    private double _last = double.NaN;
    private double _total;

    /// <summary>The counter has this value now; a lesser one than before: it began anew.</summary>
    public double Take(DateTimeOffset now, double value)
    {
        _total += double.IsNaN(_last) ? 0 : value >= _last ? value - _last : value;
        _last = value;
        if (_kept.Count == 0 || now - _lastKept >= window / Steps)
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
