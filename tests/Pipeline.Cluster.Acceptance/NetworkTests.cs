using System.Diagnostics;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Loads;

namespace Pipeline.Cluster.Acceptance;

/// <summary>
/// One silo is cut off while it still reaches the stores, so that it could go on committing: the logs on the stores
/// show that no partition ever had two owners that did.
/// </summary>
public sealed class NetworkTests(NetworkUnderLoad silos, ITestOutputHelper output) : IClassFixture<NetworkUnderLoad>
{
    private const int Victim = 1;

    private static readonly TimeSpan CutTime = Nightly.IsOn ? TimeSpan.FromSeconds(45) : TimeSpan.FromSeconds(10);

    /// <summary>Less than the cut lasts: no request may wait for its end.</summary>
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(9);

    /// <summary>What the silo does not reach any more.</summary>
    public enum Cut
    {
        /// <summary>The other silos, and they do not reach it.</summary>
        Silos,

        /// <summary>The other silos; it hears them.</summary>
        Outgoing,

        /// <summary>Nothing; the other silos do not reach it.</summary>
        Incoming,

        /// <summary>The other silos, both ways, and the database: it cannot learn that it was declared dead.</summary>
        SilosAndDatabase,

        /// <summary>Everything but the stores.</summary>
        Everything,
    }

    public static TheoryData<Cut> Cuts =>
        Nightly.IsOn ? [.. Enum.GetValues<Cut>()] : [Cut.SilosAndDatabase];

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_silo_that_is_cut_off_never_commits_beside_another_and_nothing_is_lost(Cut cut)
    {
        var cluster = await silos.BeginAsync();
        var network = silos.Network;
        var address = await cluster.Site.AddressAsync(Victim);
        var moment = Stopwatch.GetTimestamp();
        await CutAsync(network, cut);
        await Task.Delay(CutTime);
        for (var silo = 0; silo < ClusterSite.Silos; silo++)
        {
            await network.HealAsync(silo);
        }

        // Declared dead, it starts anew, and joins when the others reach it again.
        await cluster.Site.IsAnotherAsync(Victim, address, LoadedCluster.Limit);
        await cluster.IsEvenAsync();
        var slowest = AcceptedRequest.SlowestSince(cluster.Load.Acknowledged, moment);
        output.WriteLine($"{cut}: slowest request {slowest.TotalSeconds:0.00} s");
        await cluster.HoldsAsync();
        cluster.HasRefusedNothing();
        Limits.Holds(RequestLimit, slowest, "slowest request");
    }

    /// <summary>
    /// The third silo reaches both, so neither is declared dead, and requests that one would pass on to the other wait
    /// until the cut ends.
    /// </summary>
    [Fact]
    public async Task Two_silos_that_do_not_reach_each_other_lose_nothing_and_events_flow_when_they_do_again()
    {
        var cluster = await silos.BeginAsync();
        var network = silos.Network;
        await network.CutAsync(0, Victim);
        await network.CutAsync(Victim, 0);
        await Task.Delay(CutTime);
        await network.HealAsync(0);
        await network.HealAsync(Victim);
        var healed = Stopwatch.GetTimestamp();
        await cluster.Load.AcceptedMoreAsync(2_000, LoadedCluster.Limit);
        var flow = Stopwatch.GetElapsedTime(healed);
        output.WriteLine($"flow {flow.TotalSeconds:0.0} s after the cut, {cluster.Load.Refused.Count} refused");
        Assert.DoesNotContain(Enumerable.Range(0, ClusterSite.Silos), silo => cluster.Site.Silo(silo).HasExited);
        await cluster.HoldsAsync();
    }

    private static async Task CutAsync(SiloNetwork network, Cut cut)
    {
        if (cut is Cut.SilosAndDatabase or Cut.Everything)
        {
            await network.CutFromDatabaseAsync(Victim);
        }

        if (cut is Cut.Everything)
        {
            await network.CutFromFrontsAsync(Victim);
        }

        foreach (var other in Enumerable.Range(0, ClusterSite.Silos).Where(static silo => silo != Victim))
        {
            if (cut is not Cut.Incoming)
            {
                await network.CutAsync(Victim, other);
            }

            if (cut is not Cut.Outgoing)
            {
                await network.CutAsync(other, Victim);
            }
        }
    }
}
