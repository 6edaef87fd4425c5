using Pipeline.Kernel.Logs;
using Pipeline.Replication.Loops;

namespace Pipeline.Replication.Partitions;

/// <summary>How a partition is driven. Nothing here changes what it guarantees.</summary>
public sealed record PartitionOptions
{
    /// <summary>Bounds and delays of its log.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>How long a store request may take before it is cancelled and its outcome counts as unknown.</summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Under many concurrent appends: the least time from one block to the next. Longer means fewer syncs and more
    /// latency.
    /// </summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Recent committed blocks that are kept in memory for readers, bytes.</summary>
    public long CacheBytes { get; init; } = 4 << 20;

    /// <summary>Bytes asked of a store at once when a segment is read.</summary>
    public int ReadBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Where segments are hashed, one piece after the other; null: an engine makes a loop for it, a driver by itself
    /// does it on its own.
    /// </summary>
    public ILoop? Background { get; init; }
}
