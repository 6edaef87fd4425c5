using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Ingestion;

/// <summary>A stream as ingestion sees it.</summary>
public sealed record IngestTarget
{
    public required StreamName Stream { get; init; }

    /// <summary>All partitions, by number.</summary>
    public required IReadOnlyList<IPartition> Partitions { get; init; }

    /// <summary>Where the key lies in an event; null where the stream has none.</summary>
    public KeyPath? Key { get; init; }

    /// <summary>How keys find their partitions.</summary>
    public KeyHash KeyHash { get; init; } = KeyHash.ByValue;

    /// <summary>Whether an event without key is spread instead of refused.</summary>
    public bool SpreadsMissing { get; init; }

    public IngestLimits Limits { get; init; } = IngestLimits.Default;
}
