using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Driving;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Loops;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Replication.Tests.Partitions;

public sealed class StoreWorkTests
{
    [Fact]
    public async Task Whoever_does_not_own_the_log_any_more_stops_writing_its_index()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var writes = 0;
        for (var store = 0; store < 3; store++)
        {
            stores.Decorate(store, inner => new FaultyStore(inner, _ =>
            {
                writes++;
                return new StoreFault(BlobStatus.Unavailable, IsDone: false);
            }));
        }

        var loop = new ManualLoop();
        var work = new StoreWork(new LogId(7, 0), stores.Set, new PartitionOptions(), loop.Time);
        Task<bool>? written = null;
        loop.Do(() => written = work.StoreIndexAsync(
            new SegmentIndex(null, []), new SegmentIndexLink(Hash256.Of([1]), 0, 0)).AsTask());
        loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(6, writes);
        work.Stop();
        for (var second = 0; second < 60; second++)
        {
            loop.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(6, writes);
        Assert.False(await written!);
    }
}
