using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>Partitions that several keepers work on, as the hosts of a cluster do: each log is opened once.</summary>
internal sealed class SharedPartitions(IPartitionHost inner) : IPartitionHost
{
    private readonly Dictionary<LogId, IPartition> _opened = [];

    public ValueTask<bool> BearAsync(LogId log, CancellationToken cancellationToken) =>
        inner.BearAsync(log, cancellationToken);

    public IPartition Open(PartitionId id, LogId log, StreamDefinition definition)
    {
        lock (_opened)
        {
            return _opened.TryGetValue(log, out var known)
                ? known
                : _opened[log] = inner.Open(id, log, definition);
        }
    }

    public void Change(IPartition partition, StreamDefinition definition) => inner.Change(partition, definition);

    public ValueTask CloseAsync(IPartition partition)
    {
        lock (_opened)
        {
            _opened.Remove(_opened.First(pair => pair.Value == partition).Key);
        }

        return inner.CloseAsync(partition);
    }

    public ValueTask<bool> DeleteAsync(LogId log, CancellationToken cancellationToken) =>
        inner.DeleteAsync(log, cancellationToken);
}
