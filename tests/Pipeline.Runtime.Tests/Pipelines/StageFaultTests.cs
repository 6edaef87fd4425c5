using System.Diagnostics;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Registers;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>What nobody expected fails the instance where it can be seen, and is told.</summary>
public sealed class StageFaultTests
{
    private const string Copy = """
        name: t
        streams: { raw: { partitions: 1, key: k } }
        stages: { all: { query: SELECT * FROM raw } }
        """;

    [Fact]
    public Task An_exception_while_sending_fails_the_instance() =>
        FailsAsync(() => new InvalidOperationException("planned"));

    [Fact]
    public Task A_cancellation_that_nobody_asked_for_fails_the_instance_too() =>
        FailsAsync(() => new OperationCanceledException("planned"));

    [Fact]
    public async Task An_input_that_can_be_read_again_is_seen_at_once_though_no_event_comes()
    {
        var isAway = true;
        await using var stores = await ThreeStores.FormatAsync();
        await using var owner = await PipelineWorld.StartAsync(stores);
        await using var world = await PipelineWorld.StartAsync(
            stores, seed: 2, partitions: new FaultyPartitions(owner.Partitions) { CannotBeRead = () => isAway });
        await world.ApplyAsync(Copy);
        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Blocked
            && status.Instances[0].Error == "raw/0 cannot be read now");
        isAway = false;
        var back = Stopwatch.GetTimestamp();
        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Running);

        // A read waits 30 s for events.
        Assert.InRange(Stopwatch.GetElapsedTime(back), TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task An_output_that_is_taken_again_is_seen_at_once_though_no_checkpoint_comes()
    {
        var isFull = false;
        await using var stores = await ThreeStores.FormatAsync();
        await using var owner = await PipelineWorld.StartAsync(stores);
        await using var world = await PipelineWorld.StartAsync(
            stores,
            seed: 2,
            partitions: new FaultyPartitions(owner.Partitions)
            {
                Answered = () => isFull ? new AppendOutcome(AppendStatus.TooFast) : null,
            },
            change: static settings => settings with { CheckpointInterval = TimeSpan.FromHours(1) });
        await world.ApplyAsync(Copy);

        // The first checkpoint comes at once, the next one after an hour.
        await world.AppendAsync("raw", "a", ("x", """{"k":"x"}"""));
        await world.UntilAsync("t", static status => status.Instances[0].CheckpointCursor == 1);
        isFull = true;
        await world.AppendAsync("raw", "b", ("x", """{"k":"x"}"""));
        await world.UntilAsync("t", static status => status.Instances[0].State == StageInstanceState.Blocked
            && status.Instances[0].Error!.StartsWith("t.all/0 answers TooFast", StringComparison.Ordinal));
        isFull = false;
        var taken = Stopwatch.GetTimestamp();
        await world.UntilAsync("t", static status => status.Instances[0].State == StageInstanceState.Running);

        // A read waits 30 s for events.
        Assert.InRange(Stopwatch.GetElapsedTime(taken), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.True(world.Keeper.TryGet("t", out var now));
        Assert.Equal(1, now.Instances[0].CheckpointCursor);
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_written_is_shown_until_one_was_written()
    {
        var isAway = false;
        await using var stores = await ThreeStores.FormatAsync();
        await using var owner = await PipelineWorld.StartAsync(stores);
        await using var world = await PipelineWorld.StartAsync(
            stores,
            seed: 2,
            partitions: new FaultyPartitions(owner.Partitions),
            decorate: again =>
            {
                for (var store = 1; store < 3; store++)
                {
                    again.Decorate(store, inner => new FaultyStore(inner, _ => Volatile.Read(ref isAway)
                        ? new StoreFault(BlobStatus.Unavailable, IsDone: false)
                        : StoreFault.None));
                }
            },
            patience: new RegisterOptions { OperationTimeout = TimeSpan.FromSeconds(2) });
        await world.ApplyAsync(Copy);
        await world.UntilAsync("t", static status => status.Instances[0].State == StageInstanceState.Running);
        Volatile.Write(ref isAway, true);
        await world.AppendAsync("raw", "a", ("x", """{"k":"x"}"""));
        await world.UntilAsync("t", static status => status.Instances[0].State == StageInstanceState.Blocked
            && status.Instances[0].Error == "the checkpoint cannot be written to a majority of stores");
        for (var i = 0; i < 500; i++)
        {
            Assert.True(world.Keeper.TryGet("t", out var status));
            Assert.Equal(StageInstanceState.Blocked, status.Instances[0].State);
            await Task.Delay(2);
        }

        Volatile.Write(ref isAway, false);
        await world.UntilAsync("t", static status => status.Instances[0].State == StageInstanceState.Running);
    }

    private static async Task FailsAsync(Func<Exception> make)
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var owner = await PipelineWorld.StartAsync(stores);
        await using var world = await PipelineWorld.StartAsync(
            stores, seed: 2, partitions: new FaultyPartitions(owner.Partitions) { Thrown = make });
        await world.ApplyAsync(Copy);
        await world.AppendAsync("raw", "a", ("x", """{"k":"x"}"""));
        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Failed);
        Assert.True(world.Keeper.TryGet("t", out var status));
        Assert.Equal("sending to t.all/0: planned", status.Instances[0].Error);
        Assert.Null(status.Instances[0].CheckpointCursor);
        Assert.Equal("planned", Assert.Single(world.Faults).Message);
        world.Faults.Clear();
    }
}
