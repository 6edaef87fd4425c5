using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Grains.Instances;
using Pipeline.Grains.Partitions;
using Pipeline.Grains.Tests.Silos;
using Pipeline.TestKit.Machines;

namespace Pipeline.Grains.Tests.Keeping;

public sealed class PlacementTests(ITestOutputHelper output)
{
    private const int Partitions = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Partitions_are_even_over_zones_and_stages_run_beside_what_they_read_also_after_it_moved()
    {
        await using var world = await GrainWorld.StartAsync(3, null, null, "a", "a", "b");
        var silos = world.Silos.Select(Address).ToList();
        await world.ApplyAsync("""
            name: p
            streams: { s: { partitions: 8, key: k } }
            stages: { copy: { query: "SELECT k, n FROM s", key: k, partitions: 1, materialize: true } }
            """);
        await AwaitAsync(world, places => Shares(places, silos) is [2, 2, 4], "four in each zone");
        await AwaitStagesAsync(world);

        // Two change places, which is as even as before.
        var before = await PlacesAsync(world);
        var (first, second) = (before.IndexOf(silos[0]), before.IndexOf(silos[2]));
        await world.Partition("s", first).MoveAsync(silos[2]);
        await world.Partition("s", second).MoveAsync(silos[0]);
        await AwaitAsync(
            world,
            places => places[first].Equals(silos[2]) && places[second].Equals(silos[0]),
            "the two have changed places");
        var watch = Stopwatch.StartNew();
        await AwaitStagesAsync(world);
        output.WriteLine($"both stages follow within {watch.Elapsed.TotalSeconds:0.0} s");
        var after = await PlacesAsync(world);
        Assert.Equal([2, 2, 4], Shares(after, silos));

        await world.AppendAsync("s", 0, 100, keys: 50);
        var written = await Eventually.GetAsync(
            () => world.ReadAsync("p.copy", 0), written => written.Count >= 100, Patience, "outputs");
        Assert.Equal(100, written.Distinct().Count());
    }

    private static SiloAddress Address(RunningSilo silo) =>
        silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    private static int[] Shares(List<SiloAddress> places, List<SiloAddress> silos) =>
        [.. silos.Select(silo => places.Count(place => place.Equals(silo)))];

    private static async Task<List<SiloAddress>> PlacesAsync(GrainWorld world)
    {
        var places = new List<SiloAddress>();
        foreach (var partition in world.Stream("s").Partitions.Cast<GrainPartition>())
        {
            await partition.RefreshAsync();
            places.Add(partition.Report is { IsServing: true } report ? report.Silo : SiloAddress.Zero);
        }

        return places;
    }

    private static Task AwaitAsync(GrainWorld world, Func<List<SiloAddress>, bool> isSo, string what) =>
        Eventually.IsTrueAsync(async () => isSo(await PlacesAsync(world)), Patience, what);

    /// <summary>Until every stage is where its partition is.</summary>
    private static Task AwaitStagesAsync(GrainWorld world) => Eventually.IsTrueAsync(
        async () =>
        {
            var management = world.Grains.GetGrain<IManagementGrain>(0);
            var places = await PlacesAsync(world);
            for (var i = 0; i < Partitions; i++)
            {
                var stage = world.Grains.GetGrain<IStageGrain>($"p/copy/{world.Stream("s").Id}/{i}");
                if (await management.GetActivationAddress(stage) is not { } at || !at.Equals(places[i]))
                {
                    return false;
                }
            }

            return true;
        },
        Patience,
        "every stage runs beside its partition");
}
