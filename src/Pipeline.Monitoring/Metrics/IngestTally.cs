namespace Pipeline.Monitoring.Metrics;

/// <summary>What was accepted here since the start; safe to use from any thread.</summary>
internal sealed class IngestTally
{
    private long _events;
    private long _bytes;

    public long Events => Interlocked.Read(ref _events);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>From a request's head to its acknowledgement.</summary>
    public LatencyBuckets Latency { get; } = new();

    public void Take(int events, long bytes, double seconds)
    {
        Interlocked.Add(ref _events, events);
        Interlocked.Add(ref _bytes, bytes);
        Latency.Take(seconds);
    }
}
