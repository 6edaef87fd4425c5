using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Grains.Clients;
using Pipeline.Grains.Keeping;
using Pipeline.Grains.Partitions;
using Pipeline.Grains.Tests.Silos;
using Pipeline.Runtime.Engine;
using Pipeline.TestKit.Machines;

namespace Pipeline.Grains.Tests.Partitions;

public sealed class PartitionStatusTests : IAsyncLifetime
{
    private const int Events = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private GrainWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await GrainWorld.StartAsync(silos: 2);
        await _world.ApplyAsync("name: p\nstreams: { s: { partitions: 2, key: k } }\n");
        await _world.AppendAsync("s", 0, Events, keys: 20);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Whoever_asks_while_a_partition_moves_sees_all_that_is_committed()
    {
        var moved = _world.Partition("s", 0);
        await moved.AwaitServingAsync(default);
        var committed = moved.Status.Committed.Value;
        Assert.InRange(committed, 1, Events);
        var targets = _world.Silos.Select(static silo =>
            silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress).ToList();
        for (var round = 0; round < 6; round++)
        {
            var moving = moved.MoveAsync(targets[round % 2]);
            do
            {
                // As a front that has just started, and as one that knew it before.
                var fresh = new GrainPartition(moved.Key, _world.Grains, TimeProvider.System);
                await fresh.AwaitServingAsync(default);
                Assert.Equal((true, committed), (fresh.Status.IsServing, fresh.Status.Committed.Value));
                await moved.RefreshAsync();
                Assert.Equal(committed, moved.Status.Committed.Value);
            }
            while (!moving.IsCompleted);

            await moving;
        }
    }

    [Fact]
    public async Task A_front_that_asks_for_no_stream_knows_how_all_partitions_are()
    {
        using var services = new ServiceCollection().AddSingleton(_world.Grains).BuildServiceProvider();
        var cluster = new GrainCluster(services, TimeProvider.System);
        using var front = new ClusterEngine(
            _world.Grains, cluster, TimeProvider.System, NullLogger<ClusterEngine>.Instance);
        await front.StartAsync(default);
        await Eventually.IsTrueAsync(
            () => Task.FromResult(front.State == EngineState.Running && front.Streams.List()
                .Single(static stream => stream.Name.Value == "s").Partitions
                .Sum(static partition => partition.Status.Committed.Value) == Events),
            Patience,
            "all events are shown");
        Assert.All(front.Streams.List().SelectMany(static stream => stream.Partitions), static partition =>
            Assert.True(partition.Status.IsServing));
        await front.StopAsync(default);
    }
}
