using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Engine;

/// <summary>
/// Which partitions keep a host from accepting events. A change may add some to a host that runs: they open within the
/// time that a change has, and keep nobody from anything meanwhile, so a load balancer does not take the host out for
/// them. From any thread.
/// </summary>
public sealed class OpeningPartitions(TimeProvider time)
{
    /// <summary>How long PUT waits for what it adds before it answers 202.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();

    /// <summary>When each was seen first; null: it is expected to serve.</summary>
    private Dictionary<PartitionId, long?> _since = [];

    /// <summary>These were there when the host started: it does not accept events before they serve.</summary>
    public void Expect(IEnumerable<PartitionId> partitions)
    {
        lock (_lock)
        {
            _since = partitions.ToDictionary(static id => id, static _ => (long?)null);
        }
    }

    /// <summary>
    /// Those of all that there are that should serve and do not. Null: whoever asks does not know yet which there are;
    /// that none are known is no reason to forget what was expected meanwhile.
    /// </summary>
    public List<PartitionId> Missing(IEnumerable<(PartitionId Id, bool IsServing)>? all)
    {
        if (all is null)
        {
            return [];
        }

        lock (_lock)
        {
            var (missing, now) = (new List<PartitionId>(), new Dictionary<PartitionId, long?>());
            foreach (var (id, isServing) in all)
            {
                var since = isServing ? null : _since.GetValueOrDefault(id, time.GetTimestamp());
                if (!isServing && (since is null || time.GetElapsedTime(since.Value) > Patience))
                {
                    missing.Add(id);
                }

                now[id] = since;
            }

            _since = now;
            return missing;
        }
    }
}
