namespace Pipeline.Cli.Loading;

/// <summary>
/// Counts latencies in buckets whose bounds rise by a twentieth from 50 µs to ten minutes, so a quantile is right to
/// that. Safe to use from any thread.
/// </summary>
internal sealed class LatencyHistogram
{
    private const double Least = 0.00005;
    private const double Growth = 1.05;
    private const int Buckets = 340;

    private readonly long[] _counts = new long[Buckets];
    private double _longest;

    public long Count => _counts.Sum();

    /// <summary>The longest of all, exactly, in seconds.</summary>
    public double Longest => Volatile.Read(ref _longest);

    public void Take(double seconds)
    {
        var bucket = seconds <= Least ? 0 : (int)Math.Ceiling(Math.Log(seconds / Least) / Math.Log(Growth));
        Interlocked.Increment(ref _counts[Math.Min(bucket, Buckets - 1)]);
        var longest = Volatile.Read(ref _longest);
        while (seconds > longest && Interlocked.CompareExchange(ref _longest, seconds, longest) is var now
            && now != longest)
        {
            longest = now;
        }
    }

    /// <summary>What the share of requests did not exceed, in seconds; 0 where there is none.</summary>
    public double Quantile(double share)
    {
        var rank = share * Count;
        long below = 0;
        for (var i = 0; i < Buckets && rank > 0; i++)
        {
            below += _counts[i];
            if (below >= rank)
            {
                return Math.Min(BoundOf(i), Longest);
            }
        }

        return Longest;
    }

    /// <summary>The buckets that hold something: the upper bound in seconds, and how many.</summary>
    public IEnumerable<(double Seconds, long Count)> Filled() =>
        Enumerable.Range(0, Buckets).Where(i => _counts[i] > 0).Select(i => (BoundOf(i), _counts[i]));

    private static double BoundOf(int bucket) => Least * Math.Pow(Growth, bucket);
}
