using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Partitions;

/// <summary>What a partition tells its host.</summary>
public enum PartitionEvent
{
    /// <summary>It has taken the log over and accepts appends.</summary>
    Serving,

    /// <summary>Another process owns the log now. It has stopped for good.</summary>
    Fenced,

    /// <summary>An invariant does not hold. It has stopped for good; a person must look.</summary>
    Alarm,

    /// <summary>
    /// An exception that nobody expected ended its driver; another takes the log over, after a pause.
    /// </summary>
    Failed,

    /// <summary>A store is left out of the open segment for now.</summary>
    StoreDropped,
}

/// <summary>One notice, raised on the partition's loop.</summary>
public sealed record PartitionNotice(PartitionId Partition, PartitionEvent Event, string? Detail);
