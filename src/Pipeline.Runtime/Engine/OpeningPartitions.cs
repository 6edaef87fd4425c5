using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Partitions;

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
    public void Expect(IEnumerable<IPartition> partitions)
    {
        lock (_lock)
        {
            _since = partitions.ToDictionary(static partition => partition.Id, static _ => (long?)null);
        }
    }

    /// <summary>Those of all that there are that should serve and do not.</summary>
    public List<PartitionId> Missing(IReadOnlyCollection<IPartition> all, Func<IPartition, bool> isServing)
    {
        lock (_lock)
        {
            var (missing, now) = (new List<PartitionId>(), new Dictionary<PartitionId, long?>(all.Count));
            foreach (var partition in all)
            {
                var since = _since.TryGetValue(partition.Id, out var known) ? known : time.GetTimestamp();
                if (isServing(partition))
                {
                    since = null;
                }
                else if (since is null || time.GetElapsedTime(since.Value) > Patience)
                {
                    missing.Add(partition.Id);
                }

                now[partition.Id] = since;
            }

            _since = now;
            return missing;
        }
    }
}
