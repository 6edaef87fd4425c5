using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Engine;
using Pipeline.TestKit.Stores;
using Xunit;

namespace Pipeline.Runtime.Tests.Engine;

public sealed class SupervisedEngineTests
{
    [Fact]
    public async Task A_look_for_damage_that_throws_is_told_shown_and_made_again()
    {
        var rounds = 0;
        await using var world = new EngineWorld(onScrub: () =>
        {
            if (++rounds == 1)
            {
                throw new InvalidOperationException("planned");
            }
        });
        await world.StartAsync();
        await Eventually.TrueAsync(() => world.Engine.LastScrub is not null, () => "no round ended well");
        AssertShown(world, "scrub", "scrub");
        await AssertWellAsync(world);
    }

    [Fact]
    public async Task A_watch_over_a_store_that_throws_is_told_shown_and_goes_on()
    {
        var left = 0;
        await using var world = new EngineWorld(what => what == "name" && Interlocked.Exchange(ref left, 0) == 1);
        await world.StartAsync();
        await world.ApplyAsync();
        left = 1;
        await Eventually.TrueAsync(() => !world.Told.IsEmpty, () => "nothing was told");
        AssertShown(world, "store watch", world.Told.First().Fault.Name);
        await AssertWellAsync(world);
    }

    [Fact]
    public async Task Stores_whose_opening_throws_are_opened_again()
    {
        var left = 3;
        await using var world = new EngineWorld(what => what == "open" && Interlocked.Decrement(ref left) >= 0);
        await world.StartAsync();
        Assert.Contains(world.Told, static told => told.Fault.Kind == "opening stores");
        await AssertWellAsync(world);
    }

    [Fact]
    public async Task With_the_loop_of_the_hashes_held_no_segment_is_closed_and_the_partition_answers()
    {
        await using var world = new EngineWorld();
        await world.StartAsync();
        var partition = await world.ApplyAsync();
        using var hold = new ManualResetEventSlim();
        Task[] appends;
        try
        {
            world.Loop("segment hashes").Post(_ => hold.Wait(), null);
            await EngineWorld.AppendAsync(partition, "first");
            appends = [.. Enumerable.Range(0, 50).Select(
                i => EngineWorld.AppendAsync(partition, $"{i} {new string('x', 300)}"))];
            await Eventually.TrueAsync(() => partition.Status.Bytes > 2_000, () => $"{partition.Status}");
            for (var look = 0; look < 20; look++)
            {
                var read = await partition.ReadAsync(new ReadRequest(), default);
                Assert.Equal((ReadStatus.Ok, true), (read.Status, read.Blocks.Count > 0));
                Assert.Equal(0, await world.ClosedSegmentsAsync());
            }
        }
        finally
        {
            hold.Set();
        }

        await Task.WhenAll(appends);
        for (var i = 0; await world.ClosedSegmentsAsync() == 0; i++)
        {
            Assert.True(i < 1000, "no segment was closed");
            await EngineWorld.AppendAsync(partition, $"after {i}");
        }

        Assert.Empty(world.Told);
    }

    private static void AssertShown(EngineWorld world, string kind, string name)
    {
        var (fault, health) = world.Told.First(told => told.Fault.Kind == kind);
        Assert.Equal((FaultSource.Job, name, "planned"), (fault.Source, fault.Name, fault.Exception.Message));
        var check = Assert.Single(health!.Checks, check => check.Name == name);
        Assert.Equal(HealthStatus.Degraded, check.Status);
        Assert.Contains("planned", check.Reason, StringComparison.Ordinal);
    }

    private static async Task AssertWellAsync(EngineWorld world)
    {
        await Eventually.TrueAsync(
            () => world.Engine.Health.Status == HealthStatus.Ok,
            () => string.Join('\n', world.Engine.Health.Checks));
        Assert.Contains(world.Engine.Health.Checks, static check => check.Name == "store 1");
    }
}
