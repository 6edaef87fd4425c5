using System.Diagnostics.Metrics;
using Pipeline.Processing.Instances;

namespace Pipeline.Monitoring.Metrics;

/// <summary>
/// Dead letters as a counter: an instance counts from none whenever it starts, and these go on. Of what is gone nothing
/// is kept. Safe to use from any thread.
/// </summary>
internal sealed class DeadLetterTotals
{
    private readonly Lock _gate = new();
    private Dictionary<StageKey, (long Last, long Total)> _known = [];

    public IReadOnlyList<Measurement<long>> Read(IEnumerable<(StageKey Key, StageInstanceStatus Status)> instances)
    {
        lock (_gate)
        {
            var now = new Dictionary<StageKey, (long Last, long Total)>();
            foreach (var (key, status) in instances)
            {
                var count = status.Counts.DeadLetters;
                var (last, total) = _known.GetValueOrDefault(key);
                now[key] = (count, total + (count >= last ? count - last : count));
            }

            _known = now;
            return [.. now.Select(static pair => new Measurement<long>(pair.Value.Total, pair.Key.Tags))];
        }
    }
}
