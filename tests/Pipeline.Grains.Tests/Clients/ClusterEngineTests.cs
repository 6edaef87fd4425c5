using Microsoft.Extensions.DependencyInjection;
using Pipeline.Grains.Partitions;
using Pipeline.Grains.Tests.Silos;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;
using Pipeline.TestKit.Machines;

namespace Pipeline.Grains.Tests.Clients;

/// <summary>What fronts know of each other's changes, and what it costs while nothing changes.</summary>
public sealed class ClusterEngineTests
{
    private const int Partitions = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_one_front_changed_the_other_is_told_without_asking_and_shows_at_once_when_it_asks()
    {
        await using var world = await GrainWorld.StartAsync(silos: 2);
        await using var one = await Front.StartAsync(world);
        await using var other = await Front.StartAsync(world);
        for (var round = 0; round < 4; round++)
        {
            var name = new StreamName($"s{round}");
            Assert.False(other.Engine.Streams.TryGet(name, out _));
            var outcome = await one.Engine.Pipelines.ApplyAsync(
                new ApplyRequest { Text = $"name: p{round}\nstreams: {{ s{round}: {{ partitions: 2 }} }}\n" }, default);
            Assert.Equal(ApplyStatus.Applied, outcome.Status);
            if (round % 2 == 0)
            {
                await other.Engine.RefreshAsync(EngineQuestion.Catalog, default);
                Assert.True(other.Engine.Streams.TryGet(name, out _));
            }

            await Eventually.IsTrueAsync(
                () => Task.FromResult(other.Engine.Streams.TryGet(name, out _)), Patience, "the other front is told");
            await other.Engine.RefreshAsync(EngineQuestion.OfPipelines($"p{round}"), default);
            Assert.True(other.Engine.Pipelines.TryGet($"p{round}", out var status));
            Assert.Equal(1, status.Generation);
        }
    }

    [Fact]
    public async Task While_nothing_happens_no_partition_is_asked_how_it_is()
    {
        var calls = new StatusCalls();
        await using var world = await GrainWorld.StartAsync(
            silos: 2, with: services => services.AddSingleton<IIncomingGrainCallFilter>(calls));
        await world.ApplyAsync($"name: p\nstreams: {{ s: {{ partitions: {Partitions} }} }}\n");
        await Task.Delay(TimeSpan.FromSeconds(3)); // until the keeper has moved what it evens out
        var before = calls.Count;
        await Task.Delay(TimeSpan.FromSeconds(4));

        // Asked twice a second each, it would be eight times as many as there are.
        Assert.InRange(calls.Count - before, 0, 2 * Partitions);
    }

    private sealed class StatusCalls : IIncomingGrainCallFilter
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.InterfaceMethod.Name == nameof(IPartitionGrain.StatusAsync))
            {
                Interlocked.Increment(ref _count);
            }

            return context.Invoke();
        }
    }
}
