using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Instances;

/// <summary>
/// The other processes of a cluster, as a keeper and as stages see them: handles on what runs anywhere. Opening one
/// answers at once, from any thread.
/// </summary>
public interface ICluster
{
    /// <summary>A partition, wherever it is served.</summary>
    IPartition OpenPartition(PartitionId id, LogId log);

    /// <summary>The partition's stream is deleted: nobody is to serve it any more.</summary>
    ValueTask ClosePartitionAsync(IPartition partition);

    /// <summary>A stage or sink instance, wherever it runs; it begins with <see cref="IInstance.Start"/>.</summary>
    IInstance OpenInstance(InstanceAddress address, IPartition input);
}
