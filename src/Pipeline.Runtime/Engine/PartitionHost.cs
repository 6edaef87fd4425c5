using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Driving;
using Pipeline.Replication.Stores;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Engine;

/// <summary>The partitions of an engine, all in this process. Used on the root loop.</summary>
internal sealed class PartitionHost(
    StoreSet stores, PartitionFactory factory, TimeSpan patience, Action<PartitionNotice> notify) : IPartitionHost
{
    /// <summary>A stop waits no longer than this for a store that the majority was ahead of.</summary>
    private static readonly TimeSpan CopiesPatience = TimeSpan.FromSeconds(1);

    private readonly List<PartitionDriver> _open = [];

    public ValueTask<bool> BearAsync(LogId log, CancellationToken cancellationToken) =>
        PartitionDriver.BearAsync(log, stores.Registers, cancellationToken);

    public IPartition Open(PartitionId id, LogId log, StreamDefinition definition)
    {
        var driver = factory.Make(id, log, definition, notify);
        _open.Add(driver);
        driver.Start();
        return driver;
    }

    /// <summary>Limits are ingestion's; another deduplication window counts from the next start on.</summary>
    public void Change(IPartition partition, StreamDefinition definition)
    {
    }

    public async ValueTask CloseAsync(IPartition partition)
    {
        if (_open.Find(driver => driver == partition) is { } driver)
        {
            _open.Remove(driver);
            await driver.StopAsync(patience);
        }
    }

    /// <summary>Stops all partitions at once; what is under way gets <paramref name="limit"/>.</summary>
    public async ValueTask CloseAllAsync(TimeSpan limit)
    {
        var copies = limit < CopiesPatience ? limit : CopiesPatience;
        var stopping = _open.Select(driver => driver.StopAsync(limit, copies).AsTask()).ToArray();
        _open.Clear();
        foreach (var stopped in stopping)
        {
            await stopped;
        }
    }

    public ValueTask<bool> DeleteAsync(LogId log, CancellationToken cancellationToken) =>
        LogBlobs.DeleteAsync(stores, log, cancellationToken);
}
