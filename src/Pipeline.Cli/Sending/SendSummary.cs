namespace Pipeline.Cli.Sending;

/// <summary>Counts what was acknowledged, and how long that took. Safe to use from any thread.</summary>
internal sealed class SendSummary
{
    private readonly Lock _lock = new();
    private readonly List<double> _milliseconds = [];

    public long Accepted { get; private set; }

    public long Duplicates { get; private set; }

    public long Retries { get; private set; }

    public void Acknowledge(long accepted, long duplicates, TimeSpan took)
    {
        lock (_lock)
        {
            Accepted += accepted;
            Duplicates += duplicates;
            _milliseconds.Add(took.TotalMilliseconds);
        }
    }

    public void Retry()
    {
        lock (_lock)
        {
            Retries++;
        }
    }

    /// <summary>The latency that the share of requests did not exceed, in milliseconds.</summary>
    public double Percentile(double share)
    {
        lock (_lock)
        {
            if (_milliseconds.Count == 0)
            {
                return 0;
            }

            var sorted = _milliseconds.Order().ToList();
            return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
        }
    }
}
