using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Consumers;

/// <summary>
/// How many committed events a consumer has not done, as the log says; those that are gone do not count.
/// </summary>
public static class ConsumerLag
{
    public static long Of(IStream stream, Consumer consumer) =>
        stream.Partitions.Sum(partition => Of(partition, consumer));

    public static long Of(IPartition partition, Consumer consumer)
    {
        var status = partition.Status;
        return Math.Max(
            0, status.Committed.Value - Math.Max(status.First.Value, consumer.Offsets[partition.Id.Index]));
    }
}
