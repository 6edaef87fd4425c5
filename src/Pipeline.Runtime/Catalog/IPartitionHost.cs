using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Runtime.Catalog;

/// <summary>Where the partitions of this host are made: the composition binds it to the partition driver.</summary>
public interface IPartitionHost
{
    /// <summary>
    /// Bears the registers of a new log, before the catalog names it; false where no majority of stores took them.
    /// Doing it again is harmless.
    /// </summary>
    ValueTask<bool> BearAsync(LogId log, CancellationToken cancellationToken);

    /// <summary>
    /// Starts to serve a partition: takes its log over, and goes on trying. Answers at once; until it serves, appends
    /// are refused and reads are Unavailable.
    /// </summary>
    IPartition Open(PartitionId id, LogId log, StreamDefinition definition);

    /// <summary>The definition changed: limits, window. The partition goes on.</summary>
    void Change(IPartition partition, StreamDefinition definition);

    /// <summary>Stops serving; what was acknowledged stays.</summary>
    ValueTask CloseAsync(IPartition partition);

    /// <summary>
    /// Deletes the blobs of a log that the catalog does not name any more; false: not from every store, to be done
    /// again.
    /// </summary>
    ValueTask<bool> DeleteAsync(LogId log, CancellationToken cancellationToken);
}
