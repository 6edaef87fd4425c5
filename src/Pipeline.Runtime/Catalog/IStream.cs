using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Runtime.Catalog;

/// <summary>A stream that exists, and its partitions. Safe to use from any thread.</summary>
public interface IStream
{
    StreamName Name { get; }

    /// <summary>The number the catalog gave it; in the name of every blob of its logs.</summary>
    long Id { get; }

    /// <summary>The definition in force now.</summary>
    StreamDefinition Definition { get; }

    /// <summary>Outputs of its stage that are not in it, oldest first.</summary>
    IReadOnlyList<CatalogGap> Gaps => [];

    /// <summary>All partitions, by number.</summary>
    IReadOnlyList<IPartition> Partitions { get; }

    /// <summary>The partition of a key: <see cref="KeySlot"/> → a contiguous range of slots.</summary>
    IPartition PartitionOf(ReadOnlySpan<byte> key) =>
        Partitions[KeySlot.Of(key, Definition.KeyHash).Partition(Partitions.Count)];
}
