using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Trials;

/// <summary>Makes the partitions of a trial.</summary>
internal sealed class TrialPartitions(TrialLoop loop) : IPartitionHost
{
    private long _numbers;

    public ValueTask<bool> BearAsync(LogId log, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public IPartition Open(PartitionId id, LogId log, StreamDefinition definition) =>
        new TrialPartition(id, loop, () => _numbers++);

    public void Change(IPartition partition, StreamDefinition definition)
    {
    }

    public ValueTask CloseAsync(IPartition partition) => ValueTask.CompletedTask;

    public ValueTask<bool> DeleteAsync(LogId log, CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
