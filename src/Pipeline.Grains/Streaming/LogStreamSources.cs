using Pipeline.Grains.Calls;
using Pipeline.Grains.Keeping;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Reading;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Clusters;

namespace Pipeline.Grains.Streaming;

/// <summary>Finds the partitions that log streams name.</summary>
/// <param name="grains">The cluster.</param>
/// <param name="cluster">Its partitions.</param>
/// <param name="time">For waits.</param>
/// <param name="node">What has the stores; null in a client, which asks a partition's owner for everything.</param>
internal sealed class LogStreamSources(
    IGrainFactory grains, GrainCluster cluster, TimeProvider time, ClusterNode? node = null)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Throws an ArgumentException where there is no such partition, a TimeoutException where nobody knows.
    /// </summary>
    public async ValueTask<IBlockSource> OpenAsync(LogStreamKey key)
    {
        var log = key.Log ?? Find(key.Id, await CatalogAsync());
        var owner = cluster.OpenPartition(key.Id, log);
        return node is null ? owner : new LogSource(owner, node.OpenClosed(log, time), time);
    }

    private static LogId Find(PartitionId id, CatalogState catalog)
    {
        if (catalog.Stream(id.Stream) is not { } stream)
        {
            var names = string.Join(", ", catalog.Streams.Select(static known => known.Definition.Name.Value));
            throw new ArgumentException($"There is no stream \"{id.Stream}\"; there are: {names}.", nameof(id));
        }

        return id.Index < stream.Definition.Partitions
            ? new LogId(stream.Id, id.Index)
            : throw new ArgumentException(
                $"The stream \"{id.Stream}\" has {stream.Definition.Partitions} partitions, numbered from 0; "
                + $"there is no partition {id.Index}.",
                nameof(id));
    }

    private async ValueTask<CatalogState> CatalogAsync()
    {
        var keeper = grains.GetGrain<IKeeperGrain>(KeeperGrain.Key);
        var retry = new Retry(time, Limit);
        do
        {
            try
            {
                if (await keeper.ViewAsync().WaitAsync(Patience, time) is { } view)
                {
                    return CatalogCodec.Read(ClusterView.Read(view).Catalog);
                }
            }
            catch (Exception fault) when (ClusterFault.Is(fault))
            {
                // Asked again, while there is time.
            }
        }
        while (await retry.AgainAsync(false, CancellationToken.None));

        throw new TimeoutException("The keeper does not answer: which streams there are is not known now.");
    }
}
