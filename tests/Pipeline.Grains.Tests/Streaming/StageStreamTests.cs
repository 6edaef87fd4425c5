using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Pipeline.Grains.Streaming;
using Pipeline.Grains.Tests.Silos;
using Pipeline.TestKit.Machines;

namespace Pipeline.Grains.Tests.Streaming;

public sealed class StageStreamTests
{
    private const int Keys = 8;
    private const string Definition = """
        name: p
        streams: { s: { partitions: 2, key: k } }
        stages: { copy: { query: "SELECT k, n FROM s", key: k, materialize: true } }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Lost_repeated_and_reordered_deliveries_change_nothing_a_stage_writes()
    {
        const int Count = 4000;
        FaultyStreams? faults = null;
        await using var world = await GrainWorld.StartAsync(1, services => services.AddKeyedSingleton<IStreamProvider>(
            "log", (provider, _) => faults ??= new FaultyStreams(Provider(provider), true)));
        await world.ApplyAsync(Definition);
        for (var first = 0; first < Count; first += 20)
        {
            await world.AppendAsync("s", first, 20, Keys);
        }

        var written = await WrittenAsync(world, Count);
        Assert.Equal(Count, written.Count);
        for (var key = 0; key < Keys; key++)
        {
            // Of its own key, each event once and in order.
            var own = written.Where(number => number % Keys == key).ToList();
            Assert.Equal(own.Order().Distinct(), own);
        }

        Assert.NotNull(faults);
        var (lost, repeated, reordered, subscriptions) = faults.Counts;
        Assert.True(lost > 2 && repeated > 2 && reordered > 2 && subscriptions > 4, $"{faults.Counts}");
    }

    [Fact]
    public async Task The_last_delivery_that_was_lost_is_missed_and_asked_for_again()
    {
        FaultyStreams? faults = null;
        await using var world = await GrainWorld.StartAsync(1, services => services.AddKeyedSingleton<IStreamProvider>(
            "log", (provider, _) => faults ??= new FaultyStreams(Provider(provider), false)));
        await world.ApplyAsync(Definition);
        await world.AppendAsync("s", 0, 1, Keys);
        Assert.Equal([0], await WrittenAsync(world, 1));
        Assert.NotNull(faults);
        faults.LosesTheNext = true;
        await world.AppendAsync("s", 1, 1, Keys);
        Assert.Equal([0, 1], (await WrittenAsync(world, 2)).Order());
        Assert.Equal(1, faults.Counts.Lost);
    }

    private static LogStreamProvider Provider(IServiceProvider services) => new(
        services.GetRequiredService<LogStreamSources>(), services.GetRequiredService<LogStreamHost>());

    /// <summary>The numbers of all outputs, once there are so many, partition by partition.</summary>
    private static Task<List<int>> WrittenAsync(GrainWorld world, int count) => Eventually.GetAsync(
        async () => (await world.ReadAsync("p.copy", 0)).Concat(await world.ReadAsync("p.copy", 1))
            .Select(static json => EventValues.Number(Encoding.UTF8.GetBytes(json))).ToList(),
        written => written.Count >= count,
        Patience,
        $"{count} outputs");
}
