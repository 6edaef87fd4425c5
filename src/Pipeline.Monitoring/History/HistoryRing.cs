namespace Pipeline.Monitoring.History;

/// <summary>
/// The last hour of a few series, a value each five seconds. Slots are numbered by the clock, so what was not taken,
/// as while the process was stopped, is a gap (NaN). Where the clock goes back, what it said after that is forgotten.
/// Safe to use from any thread.
/// </summary>
internal sealed class HistoryRing
{
    /// <summary>Slots kept.</summary>
    public const int Slots = 720;

    /// <summary>Series kept; what comes beyond it is passed over.</summary>
    public const int MaxSeries = 72;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<HistorySeries, double[]> _series = [];
    private long _oldest = -1;
    private long _newest = -1;

    public static long SlotOf(DateTimeOffset time) => time.UtcTicks / Interval.Ticks;

    public static long TicksOf(long slot) => slot * Interval.Ticks;

    /// <summary>Puts values into a slot; series that are not among them have a gap there.</summary>
    public void Put(long slot, IReadOnlyCollection<(HistorySeries Series, double Value)> values)
    {
        lock (_gate)
        {
            MoveTo(slot);
            foreach (var (series, value) in values)
            {
                if (!_series.TryGetValue(series, out var ring))
                {
                    if (_series.Count == MaxSeries || double.IsNaN(value))
                    {
                        continue;
                    }

                    ring = new double[Slots];
                    Array.Fill(ring, double.NaN);
                    _series[series] = ring;
                }

                ring[slot % Slots] = value;
            }
        }
    }

    /// <summary>What is kept of the slots after one.</summary>
    public HistoryExcerpt Read(long after)
    {
        lock (_gate)
        {
            var first = Math.Max(after + 1, FirstKept);
            var count = _newest < 0 ? 0 : (int)Math.Max(0, _newest + 1 - first);
            return new HistoryExcerpt(
                first, count, [.. _series.Select(one => (one.Key, Copy(one.Value, first, count)))]);
        }
    }

    private long FirstKept => Math.Max(_oldest, _newest - Slots + 1);

    private void MoveTo(long slot)
    {
        if (_newest < 0 || slot < FirstKept || slot - _newest >= Slots)
        {
            _series.Clear();
            (_oldest, _newest) = (slot, slot);
            return;
        }

        // Forwards the slots on the way are gaps; backwards what was there is not known to be so.
        for (var gap = Math.Min(slot, _newest) + 1; gap <= Math.Max(slot, _newest); gap++)
        {
            foreach (var ring in _series.Values)
            {
                ring[gap % Slots] = double.NaN;
            }
        }

        _newest = slot;
        foreach (var (series, _) in _series.Where(static one => Array.TrueForAll(one.Value, double.IsNaN)).ToList())
        {
            _series.Remove(series);
        }
    }

    private static double[] Copy(double[] ring, long first, int count)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = ring[(first + i) % Slots];
        }

        return values;
    }
}

/// <summary>Some slots of all series, oldest first.</summary>
internal sealed record HistoryExcerpt(
    long First, int Count, IReadOnlyList<(HistorySeries Series, double[] Values)> Series);
