using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Driving;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Registers;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>Partitions over real logs, on the loops of one process.</summary>
internal sealed class DriverPartitions(
    IStoreSet stores, IRegisters registers, Func<ILoop> loop, Random draw, PartitionOptions options) : IPartitionHost
{
    public List<PartitionDriver> Opened { get; } = [];

    public ValueTask<bool> BearAsync(LogId log, CancellationToken cancellationToken) =>
        PartitionDriver.BearAsync(log, registers, cancellationToken);

    public IPartition Open(PartitionId id, LogId log, StreamDefinition definition)
    {
        var settings = options with
        {
            Log = options.Log with { RollsForTrim = definition.Retention is { Ticks: > 0 } },
        };
        var partition = new PartitionDriver(
            id, log, stores, registers, loop(), new Random(draw.Next()), settings);
        partition.Start();
        Opened.Add(partition);
        return partition;
    }

    public void Change(IPartition partition, StreamDefinition definition)
    {
    }

    public ValueTask CloseAsync(IPartition partition) =>
        ((PartitionDriver)partition).StopAsync(TimeSpan.FromSeconds(1));

    public async ValueTask<bool> DeleteAsync(LogId log, CancellationToken cancellationToken)
    {
        foreach (var member in stores.Members)
        {
            var blobs = await member.Store.ListAsync($"logs/{log}/", cancellationToken);
            foreach (var blob in blobs.Items)
            {
                await member.Store.DeleteAsync(blob.Name, cancellationToken);
            }
        }

        return true;
    }
}
