using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Partitions;

/// <summary>One partition as GET /v1/streams/{stream} shows it; ends are exclusive.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="First">The first offset kept.</param>
/// <param name="Committed">The committed end.</param>
/// <param name="Next">The end including what is not committed yet.</param>
/// <param name="Bytes">Bytes kept, one copy.</param>
/// <param name="Oldest">Acceptance time of the first event kept, ticks UTC; 0 when empty.</param>
/// <param name="Newest">Acceptance time of the last event, ticks UTC; 0 when empty.</param>
/// <param name="IsServing">Whether it accepts appends now.</param>
public readonly record struct PartitionStatus(
    int Partition,
    LogOffset First,
    LogOffset Committed,
    LogOffset Next,
    long Bytes,
    long Oldest,
    long Newest,
    bool IsServing)
{
    /// <summary>The stores that its newest events are written to; null where that is not known.</summary>
    public IReadOnlyList<StoreId>? WrittenTo { get; init; }
}
