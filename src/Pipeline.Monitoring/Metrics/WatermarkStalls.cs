using System.Diagnostics.Metrics;
using Pipeline.Processing.Instances;

namespace Pipeline.Monitoring.Metrics;

/// <summary>
/// How long each instance's watermark has stood still while it read events: what rests does not stall. Safe to use from
/// any thread.
/// </summary>
internal sealed class WatermarkStalls
{
    /// <summary>An instance that has read nothing for so long rests.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private Dictionary<StageKey, Seen> _known = [];

    /// <summary>Seconds for each instance that has a watermark; 0 where it moves, or rests.</summary>
    public IReadOnlyList<Measurement<double>> Read(
        IEnumerable<(StageKey Key, StageInstanceStatus Status)> instances, DateTimeOffset now)
    {
        lock (_gate)
        {
            var seen = new Dictionary<StageKey, Seen>();
            foreach (var (key, status) in instances)
            {
                if (status.Watermark is { } watermark)
                {
                    seen[key] = Next(_known.GetValueOrDefault(key), watermark, status.Cursor, now);
                }
            }

            _known = seen;
            return [.. seen.Select(one => new Measurement<double>(
                one.Value.Since is { } since ? (now - since).TotalSeconds : 0, one.Key.Tags))];
        }
    }

    private static Seen Next(Seen? last, long watermark, long cursor, DateTimeOffset now)
    {
        if (last is null || last.Watermark != watermark)
        {
            return new Seen(watermark, cursor, now, null);
        }

        return last.Cursor != cursor ? last with { Cursor = cursor, Read = now, Since = last.Since ?? now }
            : now - last.Read > Rest ? last with { Since = null }
            : last;
    }

    private sealed record Seen(long Watermark, long Cursor, DateTimeOffset Read, DateTimeOffset? Since);
}
