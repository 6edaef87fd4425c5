using Microsoft.Extensions.DependencyInjection;
using Pipeline.Grains.Benchmarks.Silos;

namespace Pipeline.Grains.Benchmarks.Placement;

/// <summary>
/// Where twelve grains of each kind go, called one after the other: how many each silo gets, most first. Then what the
/// activation rebalancer makes of them when a third silo has joined two.
/// </summary>
internal static class PlacementBenchmark
{
    private const int Grains = 12;

    private static readonly string[] Kinds = ["random", "count", "resources", "hash", "spread"];
    private static readonly int[] LookAfter = [10, 120];

    public static async Task<int> RunAsync()
    {
        await using (var three = await BenchmarkSilos.StartAsync(3))
        {
            for (var round = 0; round < 3; round++)
            {
                foreach (var kind in Kinds)
                {
                    Console.WriteLine($"{kind,-10} {Shares(await PlacesAsync(three, kind, round))}");
                }
            }
        }

        await using var silos = await BenchmarkSilos.StartAsync(2, Rebalanced);
        foreach (var kind in Kinds)
        {
            await PlacesAsync(silos, kind, 0);
        }

        await silos.JoinAsync(Rebalanced);
        var waited = 0;
        foreach (var after in LookAfter)
        {
            await Task.Delay(TimeSpan.FromSeconds(after - waited));
            waited = after;
            foreach (var kind in Kinds)
            {
                Console.WriteLine($"{after,3} s later, {kind,-10} {Shares(await PlacesAsync(silos, kind, 0))}");
            }
        }

        return 0;
    }

#pragma warning disable ORLEANSEXP002 // The activation rebalancer is experimental: it is only measured.
    private static void Rebalanced(ISiloBuilder silo) => silo.AddActivationRebalancer();
#pragma warning restore ORLEANSEXP002

    private static async Task<List<SiloAddress>> PlacesAsync(BenchmarkSilos silos, string kind, int round)
    {
        var grains = silos.Services.GetRequiredService<IGrainFactory>();
        var places = new List<SiloAddress>();
        for (var i = 0; i < Grains; i++)
        {
            var id = GrainId.Create($"placed-{kind}", $"s/{round}/{i}");
            places.Add(await grains.GetGrain<IPlacedGrain>(id).WhereAsync());
        }

        return places;
    }

    private static string Shares(List<SiloAddress> places) =>
        string.Join(" + ", places.CountBy(static place => place).Select(static share => share.Value).OrderDescending());
}
