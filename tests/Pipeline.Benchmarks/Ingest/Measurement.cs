namespace Pipeline.Benchmarks.Ingest;

/// <summary>What one run showed: rates in events a second, times in milliseconds, processor time in seconds.</summary>
public sealed record Measurement(
    double EventsPerSecond, double P50Ms, double P99Ms, double MaxMs, double ServerSecondsPerMillion,
    double ClientSecondsPerMillion, double MemoryMiB, double AllocatedBytesPerEvent)
{
    /// <summary>The run with the median rate.</summary>
    public static Measurement Median(IEnumerable<Measurement> runs)
    {
        var sorted = runs.OrderBy(run => run.EventsPerSecond).ToArray();
        return sorted[sorted.Length / 2];
    }
}
