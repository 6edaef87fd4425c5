using System.Diagnostics;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;

namespace Pipeline.Cluster.Acceptance;

/// <summary>What else happens to a cluster: a silo that freezes, a database that is away, silos that join.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int Partitions = 12;

    private const string Definition = """
        name: plain
        streams:
          readings: { partitions: 12, key: key }

        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MoveLimit = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_frozen_silo_loses_its_partitions_within_four_seconds_and_ends_when_it_wakes()
    {
        await using var site = await ClusterSite.StartAsync();
        await site.DefineAsync("plain", Definition);
        await site.IsEvenAsync("readings", Partitions, Limit);
        var load = new KeyedLoad(site.Fronts, "readings", writers: 4, keysPerWriter: 12, batch: 24);
        load.Start();
        await load.AcceptedMoreAsync(2_000, Limit);
        var frozen = Stopwatch.GetTimestamp();
        await site.Silo(1).SignalAsync("STOP");
        await Task.Delay(TimeSpan.FromSeconds(20));
        var flow = AcceptedRequest.FlowAfter(load.Acknowledged, frozen, Partitions);
        output.WriteLine($"events flowed again after {flow.TotalSeconds:0.00} s");
        await site.Silo(1).SignalAsync("CONT");
        await site.Silo(1).ExitsAsync(TimeSpan.FromSeconds(30));
        await site.StartSiloAsync(1);
        await site.IsEvenAsync("readings", Partitions, Limit);
        await HoldsAsync(site, load);
        Assert.True(flow <= MoveLimit, $"{flow.TotalSeconds:0.00} s");
    }

    [Fact]
    public async Task While_the_database_is_away_events_are_taken_and_afterwards_a_dead_silo_is_replaced()
    {
        await using var site = await ClusterSite.StartAsync();
        await site.DefineAsync("plain", Definition);
        await site.IsEvenAsync("readings", Partitions, Limit);
        var load = new KeyedLoad(site.Fronts, "readings", writers: 4, keysPerWriter: 12, batch: 24);
        load.Start();
        await load.AcceptedMoreAsync(1_000, Limit);
        await site.StopDatabaseAsync();
        var away = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(15));
        var slowest = AcceptedRequest.SlowestSince(load.Acknowledged, away);
        output.WriteLine($"slowest request without the database {slowest.TotalSeconds:0.00} s");
        await site.StartDatabaseAsync();
        site.Silo(2).Kill();
        await load.AcceptedMoreAsync(2_000, Limit);
        await site.StartSiloAsync(2);
        await site.IsEvenAsync("readings", Partitions, Limit);
        await HoldsAsync(site, load);
        Assert.True(load.Refused.Count == 0, string.Join("\n", load.Refused.Take(5)));
    }

    [Fact]
    public async Task Silos_that_join_under_load_get_their_share_of_the_partitions()
    {
        await using var site = await ClusterSite.StartAsync(silos: 1);
        await site.DefineAsync("plain", Definition);
        var load = new KeyedLoad(site.Fronts, "readings", writers: 4, keysPerWriter: 12, batch: 24);
        load.Start();
        await load.AcceptedMoreAsync(1_000, Limit);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(site.StartSiloAsync(1), site.StartSiloAsync(2));
        await site.IsEvenAsync("readings", Partitions, Limit);
        output.WriteLine($"even {watch.Elapsed.TotalSeconds:0.0} s after the start of two more silos");
        await HoldsAsync(site, load);
        Assert.True(load.Refused.Count == 0, string.Join("\n", load.Refused.Take(5)));
    }

    private static async Task HoldsAsync(ClusterSite site, KeyedLoad load)
    {
        await load.AcceptedMoreAsync(500, Limit);
        await load.StopAsync();
        using var client = new ServiceClient(site.Fronts[1]);
        await client.HoldsOnceAsync("readings", load.Sent);
    }
}
