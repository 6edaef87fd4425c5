using System.Diagnostics;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Loads;

namespace Pipeline.Cluster.Acceptance;

/// <summary>What else happens: a silo that freezes, a database that is away, silos that come and go.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    /// <summary>From the database's return until who waited for it has its share of the partitions.</summary>
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(30);

    /// <summary>Events a second while silos come and go; a tenth of what a quiet machine takes.</summary>
    private const double LeastRate = 300;

    [Fact]
    public async Task A_frozen_silo_loses_its_partitions_within_four_seconds_appends_nothing_when_it_wakes_and_ends()
    {
        await using var cluster = await LoadedCluster.StartAsync(LoadedCluster.Plain);
        var flow = await cluster.FreezeAsync(1, TimeSpan.FromSeconds(20));
        output.WriteLine($"events flowed again after {flow.TotalSeconds:0.00} s");
        await cluster.StartAgainAsync(1);
        await cluster.HoldsAsync();
        Limits.Holds(Limits.Move, flow, "flow while a silo was frozen");
    }

    [Fact]
    public async Task While_the_database_is_away_events_are_taken_and_afterwards_everything_recovers_by_itself()
    {
        await using var cluster = await LoadedCluster.StartAsync(LoadedCluster.Plain);
        var site = cluster.Site;
        await site.StopDatabaseAsync();
        var away = Stopwatch.GetTimestamp();

        // They can only wait: who they would join, the database alone knows.
        await Task.Delay(TimeSpan.FromSeconds(2));
        var front = site.StartFrontAsync(ClusterSite.SpareFront);
        var silo = site.StartSiloAsync(ClusterSite.SpareSilo);
        await Task.Delay(Nightly.IsOn ? TimeSpan.FromSeconds(60) : TimeSpan.FromSeconds(13));
        Assert.False(front.IsCompleted || silo.IsCompleted, site.Output);
        var slowest = AcceptedRequest.SlowestSince(cluster.Load.Acknowledged, away);
        output.WriteLine($"slowest request without the database {slowest.TotalSeconds:0.00} s");
        var back = Stopwatch.StartNew();
        await site.StartDatabaseAsync();
        await Task.WhenAll(front, silo);
        await cluster.IsEvenAsync(4);
        var joined = back.Elapsed;
        output.WriteLine($"the front and the silo started meanwhile serve after {joined.TotalSeconds:0.0} s");
        var flow = await cluster.KillAsync(2);
        output.WriteLine($"flow after a kill {flow.TotalSeconds:0.00} s");
        await cluster.HoldsAsync();
        cluster.HasRefusedNothing();
        Limits.Holds(Limits.DatabaseAway, slowest, "slowest request without the database");
        Limits.Holds(JoinLimit, joined, "the front and the silo started meanwhile");
        Limits.Holds(Limits.Flow, flow, "flow after a kill");
    }

    [Fact]
    public async Task Silos_come_and_go_under_load_and_each_has_its_share_every_time()
    {
        await using var cluster = await LoadedCluster.StartAsync(LoadedCluster.Plain, silos: 1);
        var site = cluster.Site;
        await ChangeAsync(
            cluster, "1 to 3 silos", 3, () => Task.WhenAll(site.StartSiloAsync(1), site.StartSiloAsync(2)));
        await ChangeAsync(cluster, "3 to 2, told to stop", 2, () => cluster.StopAsync(0));
        await ChangeAsync(cluster, "2 to 1, told to stop", 1, () => cluster.StopAsync(1));
        await ChangeAsync(cluster, "1 to 2 silos", 2, () => site.StartSiloAsync(0));
        await ChangeAsync(cluster, "2 to 1, killed", 1, () => cluster.KillAsync(2));
        await cluster.HoldsAsync();
        cluster.HasRefusedNothing();
    }

    private async Task ChangeAsync(SiteUnderLoad<ClusterSite> cluster, string what, int silos, Func<Task> change)
    {
        var (accepted, watch) = (cluster.Load.Accepted, Stopwatch.StartNew());
        await change();
        await cluster.IsEvenAsync(silos);
        var even = watch.Elapsed;
        await Task.Delay(TimeSpan.FromSeconds(2));
        var rate = (cluster.Load.Accepted - accepted) / watch.Elapsed.TotalSeconds;
        output.WriteLine($"{what}: even after {even.TotalSeconds:0.0} s, {rate:0} events/s meanwhile");
        Assert.True(rate >= LeastRate, $"{what}: {rate:0} events/s meanwhile");
    }
}
