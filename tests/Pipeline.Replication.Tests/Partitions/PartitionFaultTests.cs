using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Logs;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Replication.Tests.Partitions;

public sealed class PartitionFaultTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whichever_store_call_fails_nothing_is_lost_or_repeated(bool isDone)
    {
        for (var failing = 1; await SurvivesAsync(failing, isDone); failing++)
        {
        }
    }

    /// <summary>
    /// A log of another process is taken over and appended to while one call fails. False: it takes fewer calls.
    /// </summary>
    private static async Task<bool> SurvivesAsync(int failing, bool isDone)
    {
        await using var stores = await ThreeStores.FormatAsync();
        var calls = 0;
        var isCounting = false;
        for (var store = 0; store < 3; store++)
        {
            stores.Decorate(store, inner => new FaultyStore(inner, _ =>
                isCounting && Interlocked.Increment(ref calls) == failing
                    ? new StoreFault(BlobStatus.Unavailable, isDone)
                    : StoreFault.None));
        }

        await using (var first = await LogHost.StartAsync(stores.Set))
        {
            await AppendUntilKnownAsync(first, "before");
        }

        isCounting = true;
        await using (var second = await LogHost.StartAsync(stores.Set, seed: 10))
        {
            await AppendUntilKnownAsync(second, "a");
            await AppendUntilKnownAsync(second, "b");
            Assert.Equal(["before", "a", "b"], await second.ReadAsync());
        }

        isCounting = false;
        await using var third = await LogHost.StartAsync(stores.Set, seed: 20);
        Assert.Equal(["before", "a", "b"], await third.ReadAsync());
        return calls >= failing;
    }

    [Theory]
    [InlineData(BlobStatus.NoSpace)]
    [InlineData(BlobStatus.StoreLost)]
    [InlineData(BlobStatus.Unavailable)]
    public async Task One_store_that_takes_no_appends_fails_no_request(BlobStatus status)
    {
        await using var stores = await ThreeStores.FormatAsync();
        var isFailing = false;
        stores.Decorate(1, inner => new FaultyStore(
            inner, what => isFailing && what == "append" ? new StoreFault(status, IsDone: false) : StoreFault.None));
        await using var host = await LogHost.StartAsync(stores.Set);
        isFailing = true;
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(AppendStatus.Appended, (await host.AppendAsync($"{i}")).Status);
        }

        Assert.Equal(50, (await host.ReadAsync()).Count);
    }

    [Fact]
    public async Task A_frozen_store_fails_no_request_and_its_frames_stay_its_own()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var thaw = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isFrozen = false;
        stores.Decorate(2, inner => new FaultyStore(
            inner, _ => isFrozen ? new StoreFault(BlobStatus.Ok, Until: thaw.Task) : StoreFault.None));
        await using var host = await LogHost.StartAsync(stores.Set);
        await host.AppendAsync("before");
        isFrozen = true;
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(AppendStatus.Appended, (await host.AppendAsync($"{i}")).Status);
        }

        isFrozen = false;
        thaw.SetResult();
        Assert.Equal(AppendStatus.Appended, (await host.AppendAsync("after")).Status);
        Assert.Equal(102, (await host.ReadAsync()).Count);
    }

    [Fact]
    public async Task A_damaged_block_is_read_from_another_store()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var options = new PartitionOptions { CacheBytes = 1 };
        await using (var host = await LogHost.StartAsync(stores.Set, options: options))
        {
            for (var i = 0; i < 20; i++)
            {
                await host.AppendAsync($"event {i}");
            }
        }

        await using var next = await LogHost.StartAsync(stores.Set, seed: 70, options: options);
        var log = Directory.GetFiles(stores.Root(0), "1-0*", SearchOption.AllDirectories)
            .OrderByDescending(f => new FileInfo(f).Length).First();
        var bytes = await File.ReadAllBytesAsync(log);
        for (var i = 300; i < bytes.Length; i += 400)
        {
            bytes[i] ^= 1;
        }

        await File.WriteAllBytesAsync(log, bytes);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"event {i}"), await next.ReadAsync());
    }

    [Fact]
    public async Task Without_a_majority_appends_are_refused_and_resume_when_it_is_back()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var isDown = false;
        for (var store = 0; store < 2; store++)
        {
            stores.Decorate(store, inner => new FaultyStore(
                inner, _ => isDown ? new StoreFault(BlobStatus.Unavailable, IsDone: false) : StoreFault.None));
        }

        var options = new PartitionOptions
        {
            Log = new Kernel.Logs.LogOptions { MaxQueueTicks = TimeSpan.TicksPerSecond / 2 },
        };
        await using var host = await LogHost.StartAsync(stores.Set, options: options);
        isDown = true;
        var outstanding = host.AppendAsync("outstanding");
        while (host.Partition.Status.Next == host.Partition.Status.Committed)
        {
            await Task.Yield();
        }

        var refused = await host.AppendAsync("refused");
        Assert.Equal(AppendStatus.NotAppended, refused.Status);
        isDown = false;
        Assert.Equal(AppendStatus.Appended, (await outstanding).Status);
        Assert.Equal(AppendStatus.Appended, (await host.AppendAsync("after")).Status);
        Assert.Equal(["outstanding", "after"], await host.ReadAsync());
    }

    internal static async Task AppendUntilKnownAsync(LogHost host, string value)
    {
        var header = new PartHeader
        {
            HandleKind = HandleKind.Key,
            Handle = Hash128.Of(System.Text.Encoding.UTF8.GetBytes(value)),
        };
        AppendStatus status;
        do
        {
            status = (await host.AppendAsync(header, value)).Status;
        }
        while (status is AppendStatus.OutcomeUnknown or AppendStatus.NotAppended);
        Assert.Contains(status, new[] { AppendStatus.Appended, AppendStatus.Duplicate });
    }
}
