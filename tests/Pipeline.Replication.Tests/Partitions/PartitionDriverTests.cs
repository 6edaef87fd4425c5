using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Partitions;
using Pipeline.TestKit.Logs;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Replication.Tests.Partitions;

public sealed class PartitionDriverTests
{
    [Fact]
    public async Task What_was_appended_is_read_back_in_order()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var host = await LogHost.StartAsync(stores.Set);
        var first = await host.AppendAsync("a", "b");
        var second = await host.AppendAsync("c");
        Assert.Equal(AppendStatus.Appended, first.Status);
        Assert.Equal([new OffsetRun(new LogOffset(0), 2)], first.Runs);
        Assert.Equal([new OffsetRun(new LogOffset(2), 1)], second.Runs);
        Assert.Equal(["a", "b", "c"], await host.ReadAsync());
        Assert.Equal(["c"], await host.ReadAsync(2));
        Assert.Equal(3, host.Partition.Status.Committed.Value);
    }

    [Fact]
    public async Task A_restart_goes_on_where_it_was()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using (var host = await LogHost.StartAsync(stores.Set))
        {
            await host.AppendAsync("a", "b");
        }

        await using var again = stores.Again();
        await using var next = await LogHost.StartAsync(again.Set, seed: 100);
        Assert.Equal(["a", "b"], await next.ReadAsync());
        var outcome = await next.AppendAsync("c");
        Assert.Equal([new OffsetRun(new LogOffset(2), 1)], outcome.Runs);
        Assert.Equal(["a", "b", "c"], await next.ReadAsync());
    }

    [Fact]
    public async Task A_stop_waits_for_a_store_that_the_majority_was_ahead_of_and_no_longer_than_it_may()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var held = new TaskCompletionSource();
        var isHeld = false;
        stores.Decorate(2, inner => new FaultyStore(inner, what => isHeld && what == "append"
            ? StoreFault.None with { Until = held.Task }
            : StoreFault.None));
        foreach (var copies in new[] { TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(100) })
        {
            var host = await LogHost.StartAsync(stores.Set);
            await host.AppendAsync("a");
            isHeld = true;
            Assert.Equal(AppendStatus.Appended, (await host.AppendAsync("b")).Status);
            var stop = host.Partition.StopAsync(TimeSpan.FromSeconds(60), copies).AsTask();
            if (copies > TimeSpan.FromSeconds(1))
            {
                await Task.Delay(200);
                Assert.False(stop.IsCompleted);
                held.SetResult();
                (isHeld, held) = (false, new TaskCompletionSource());
            }

            await stop.WaitAsync(TimeSpan.FromSeconds(20));
            held.TrySetResult();
            host.Kill();
        }
    }

    [Fact]
    public async Task Many_restarts_with_nothing_written_between_them_lose_nothing()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using (var host = await LogHost.StartAsync(stores.Set))
        {
            await host.AppendAsync(Key("k", 1), "a");
        }

        for (var i = 0; i < 4; i++)
        {
            var killed = await LogHost.StartAsync(stores.Set, seed: 10 + i);
            killed.Kill();
        }

        await using var last = await LogHost.StartAsync(stores.Set, seed: 100);
        Assert.Equal(["a"], await last.ReadAsync());
        var repeated = await last.AppendAsync(Key("k", 1), "a");
        Assert.Equal(AppendStatus.Duplicate, repeated.Status);
        Assert.Equal([new OffsetRun(new LogOffset(0), 1)], repeated.Runs);
    }

    [Fact]
    public async Task A_second_owner_fences_the_first()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var first = await LogHost.StartAsync(stores.Set);
        await first.AppendAsync("a");
        await using var again = stores.Again();
        await using var second = await LogHost.StartAsync(again.Set, seed: 50);
        await second.AppendAsync("b");
        var outcome = await first.AppendAsync("zombie");
        Assert.Contains(outcome.Status, new[] { AppendStatus.OutcomeUnknown, AppendStatus.NotAppended });
        Assert.Equal(PartitionEvent.Fenced, (await first.Ended.WaitAsync(TimeSpan.FromSeconds(20))).Event);
        Assert.Equal(["a", "b"], await second.ReadAsync());
    }

    [Fact]
    public async Task Only_the_owner_tells_a_producer_to_stop()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var first = await LogHost.StartAsync(stores.Set);
        var producer = new Hash128(1, 2);
        await first.Partition.OpenProducerAsync(producer, 5, default);
        await using var again = stores.Again();
        await using var second = await LogHost.StartAsync(again.Set, seed: 50);
        var byZombie = await first.Partition.OpenProducerAsync(producer, 4, default);
        var byOwner = await second.Partition.OpenProducerAsync(producer, 4, default);
        Assert.Equal(AppendStatus.NotAppended, byZombie.Status);
        Assert.Equal(AppendStatus.ProducerFenced, byOwner.Status);
    }

    [Fact]
    public async Task Segments_roll_and_all_of_them_are_read()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var options = new PartitionOptions
        {
            Log = new LogOptions { RollBytes = 4_000, MaxClosedSegments = 4 },
            CacheBytes = 1_000,
            ReadBytes = 1_000,
        };
        var values = Enumerable.Range(0, 300).Select(i => $"event {i}").ToList();
        await using (var host = await LogHost.StartAsync(stores.Set, options: options))
        {
            foreach (var value in values)
            {
                Assert.Equal(AppendStatus.Appended, (await host.AppendAsync(value)).Status);
            }

            Assert.Equal(values, await host.ReadAsync());
        }

        await using var next = await LogHost.StartAsync(stores.Set, seed: 100, options);
        Assert.Equal(values, await next.ReadAsync(maxBytes: 100));
        Assert.Equal(values[177..], await next.ReadAsync(177));
    }

    [Fact]
    public async Task A_reader_waits_for_the_next_block()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var host = await LogHost.StartAsync(stores.Set);
        var reading = host.Partition.ReadAsync(new ReadRequest { Wait = TimeSpan.FromSeconds(20) }, default).AsTask();
        await host.AppendAsync("a");
        var outcome = await reading;
        Assert.Equal(["a"], outcome.Blocks.SelectMany(LogHost.Values));
    }

    [Fact]
    public async Task Only_the_new_events_of_a_part_are_appended()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var host = await LogHost.StartAsync(stores.Set);
        var header = new PartHeader { HandleKind = HandleKind.Event };
        await host.Partition.AppendAsync(LogHost.Part(header, Handles("1", "2"), "a", "b"), default);
        var outcome = await host.Partition.AppendAsync(
            LogHost.Part(header, Handles("2", "3", "1", "4"), "b", "c", "a", "d"), default);
        Assert.Equal(AppendStatus.Duplicate, outcome.Status);
        Assert.Equal((2, 2), (outcome.Accepted, outcome.Duplicates));
        Assert.Equal(
            [new OffsetRun(new(1), 2), new OffsetRun(new(0), 1), new OffsetRun(new(3), 1)], outcome.Runs);
        Assert.Equal(["a", "b", "c", "d"], await host.ReadAsync());
    }

    [Fact]
    public async Task Old_segments_are_let_go_of()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var options = new PartitionOptions { Log = new LogOptions { RollBytes = 4_000 } };
        await using var host = await LogHost.StartAsync(stores.Set, options: options);
        for (var i = 0; i < 200; i++)
        {
            await host.AppendAsync($"event {i}");
        }

        await host.Partition.TrimAsync(new LogOffset(120), default);
        await host.AppendAsync("last");
        while (host.Partition.Status.First.Value == 0)
        {
            await host.AppendAsync("more");
        }

        var first = host.Partition.Status.First.Value;
        Assert.InRange(first, 1, 120);
        var trimmed = await host.Partition.ReadAsync(new ReadRequest(), default);
        Assert.Equal((ReadStatus.Trimmed, first), (trimmed.Status, trimmed.First.Value));
        Assert.Equal("event 120", (await host.ReadAsync(120))[0]);
    }

    [Fact]
    public async Task An_offset_is_found_by_its_time()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var host = await LogHost.StartAsync(stores.Set);
        await host.AppendAsync("a");
        var middle = host.Partition.Status.Newest + 1;
        while (DateTimeOffset.UtcNow.UtcTicks <= middle)
        {
            Thread.Yield();
        }

        await host.AppendAsync("b");
        Assert.Equal(0, (await host.Partition.FindAsync(0, default)).Value);
        Assert.Equal(1, (await host.Partition.FindAsync(middle, default)).Value);
        Assert.Equal(2, (await host.Partition.FindAsync(long.MaxValue, default)).Value);
    }

    private static List<Hash128> Handles(params string[] ids) =>
        [.. ids.Select(id => Hash128.Of(System.Text.Encoding.UTF8.GetBytes(id)))];

    private static PartHeader Key(string key, ulong body) => new()
    {
        HandleKind = HandleKind.Key,
        Handle = Hash128.Of(System.Text.Encoding.UTF8.GetBytes(key)),
        Body = new Hash128(0, body),
        IsHome = true,
    };
}
