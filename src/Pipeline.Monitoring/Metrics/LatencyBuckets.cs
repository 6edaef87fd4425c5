namespace Pipeline.Monitoring.Metrics;

/// <summary>
/// How long requests took, counted in buckets whose bounds rise by a fifth from 50 µs to a minute: a quantile is right
/// to about a tenth, in a fixed amount of memory. Safe to use from any thread.
/// </summary>
internal sealed class LatencyBuckets
{
    public const int Count = 84;

    private const double Least = 0.00005;
    private const double PerOctave = 4;

    private readonly long[] _counts = new long[Count];

    public void Take(double seconds)
    {
        var bucket = seconds <= Least ? 0 : (int)Math.Ceiling(Math.Log2(seconds / Least) * PerOctave);
        Interlocked.Increment(ref _counts[Math.Min(bucket, Count - 1)]);
    }

    /// <summary>All counts since the start.</summary>
    public void CopyTo(Span<long> counts)
    {
        for (var i = 0; i < Count; i++)
        {
            counts[i] = Interlocked.Read(ref _counts[i]);
        }
    }

    /// <summary>
    /// The seconds within which this share of what was counted between two copies ended; NaN where nothing was.
    /// </summary>
    public static double Quantile(ReadOnlySpan<long> before, ReadOnlySpan<long> now, double share)
    {
        long all = 0;
        for (var i = 0; i < Count; i++)
        {
            all += now[i] - before[i];
        }

        var rank = share * all;
        double below = 0;
        for (var i = 0; i < Count && all > 0; i++)
        {
            double here = now[i] - before[i];
            if (here > 0 && below + here >= rank)
            {
                // The counts of a bucket are taken to lie evenly in it.
                return i == 0 ? Least : Least * Math.Pow(2, (i - 1 + ((rank - below) / here)) / PerOctave);
            }

            below += here;
        }

        return double.NaN;
    }
}
