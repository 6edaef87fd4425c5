using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Partitions;

/// <summary>
/// A partition, seen from whoever only reads it. May be called from any thread; expected outcomes are values.
/// </summary>
public interface IBlockSource
{
    PartitionId Id { get; }

    PartitionStatus Status { get; }

    /// <summary>Reads committed blocks in order.</summary>
    ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken);
}
