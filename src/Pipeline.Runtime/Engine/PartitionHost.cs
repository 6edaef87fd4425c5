using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Partitions;
using Pipeline.Runtime.Stores;
using Pipeline.Storage.Blobs;

namespace Pipeline.Runtime.Engine;

/// <summary>Makes the partitions of an engine, spread over its loops. Used on the root loop.</summary>
internal sealed class PartitionHost(
    StoreSet stores, IReadOnlyList<ILoop> loops, Random draw, EngineOptions options, Action<PartitionNotice> notify)
    : IPartitionHost
{
    private readonly List<PartitionDriver> _open = [];
    private int _next;

    public ValueTask<bool> BearAsync(LogId log, CancellationToken cancellationToken) =>
        PartitionDriver.BearAsync(log, stores.Registers, cancellationToken);

    public IPartition Open(PartitionId id, LogId log, StreamDefinition definition)
    {
        var settings = options.Partitions with
        {
            Log = options.Partitions.Log with { WindowHandles = definition.DeduplicationWindow },
        };
        var loop = loops[_next++ % loops.Count];
        var random = new Random(draw.Next());
        var driver = new PartitionDriver(id, log, stores, stores.Registers, loop, random, settings, notify);
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
            await driver.StopAsync(options.StopPatience);
        }
    }

    /// <summary>Stops all partitions at once; what is under way gets <paramref name="patience"/>.</summary>
    public async ValueTask CloseAllAsync(TimeSpan patience)
    {
        var stopping = _open.Select(driver => driver.StopAsync(patience).AsTask()).ToArray();
        _open.Clear();
        foreach (var stopped in stopping)
        {
            await stopped;
        }
    }

    public async ValueTask DeleteAsync(LogId log, CancellationToken cancellationToken)
    {
        foreach (var member in stores.Members)
        {
            await DeleteAsync(member.Store, log, cancellationToken);
        }
    }

    private static async ValueTask DeleteAsync(IBlobStore store, LogId log, CancellationToken cancellationToken)
    {
        var listing = await store.ListAsync(LogNames.Prefix(log), cancellationToken);
        foreach (var item in listing.Items)
        {
            await store.DeleteAsync(item.Name, cancellationToken);
        }

        await store.DeleteAsync(LogNames.Register(log), cancellationToken);
    }
}
