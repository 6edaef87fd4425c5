using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Driving;
using Pipeline.Replication.Stores;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;

namespace Pipeline.Runtime.Clusters;

/// <summary>The partitions of a catalog where each may be served by another process.</summary>
internal sealed class RemotePartitions(StoreSet stores, ICluster cluster) : IPartitionHost
{
    public ValueTask<bool> BearAsync(LogId log, CancellationToken cancellationToken) =>
        PartitionDriver.BearAsync(log, stores.Registers, cancellationToken);

    public IPartition Open(PartitionId id, LogId log, StreamDefinition definition) => cluster.OpenPartition(id, log);

    /// <summary>Whoever serves the partition next reads the definition then.</summary>
    public void Change(IPartition partition, StreamDefinition definition)
    {
    }

    public ValueTask CloseAsync(IPartition partition) => cluster.ClosePartitionAsync(partition);

    public ValueTask<bool> DeleteAsync(LogId log, CancellationToken cancellationToken) =>
        LogBlobs.DeleteAsync(stores, log, cancellationToken);
}
