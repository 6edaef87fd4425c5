namespace Pipeline.Benchmarks.Log;

/// <summary>How long requests took, and how many events they carried.</summary>
internal sealed class LogMeasurement
{
    private readonly Lock _gate = new();
    private readonly List<double> _milliseconds = [];
    private bool _isSorted;

    public long Events { get; private set; }

    public TimeSpan Elapsed { get; set; }

    public double EventsPerSecond => Events / Elapsed.TotalSeconds;

    public void Add(TimeSpan latency, int events)
    {
        lock (_gate)
        {
            _milliseconds.Add(latency.TotalMilliseconds);
            Events += events;
        }
    }

    public double Percentile(double share)
    {
        if (!_isSorted)
        {
            _milliseconds.Sort();
            _isSorted = true;
        }

        return _milliseconds[(int)((_milliseconds.Count - 1) * share)];
    }
}
