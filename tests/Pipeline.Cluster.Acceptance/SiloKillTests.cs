using System.Diagnostics;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance;

/// <summary>Silos that die, under load over both fronts.</summary>
public sealed class SiloKillTests(ITestOutputHelper output)
{
    private const int Partitions = 12;

    private const string Definition = """
        name: kept
        streams:
          readings: { partitions: 12, key: key }
        stages:
          all:
            query: SELECT key, seq FROM readings WHERE seq >= 0
            materialize: true
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FlowLimit = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Kills_of_silos_lose_nothing_repeat_nothing_and_events_flow_again_within_two_seconds()
    {
        await using var site = await ClusterSite.StartAsync();
        await site.DefineAsync("kept", Definition);
        await site.IsEvenAsync("readings", Partitions, Limit);
        var load = new KeyedLoad(site.Fronts, "readings", writers: 8, keysPerWriter: 8, batch: 16);
        load.Start();
        await load.AcceptedMoreAsync(2_000, Limit);
        var flows = new List<TimeSpan>();
        for (var kill = 0; kill < Nightly.Kills; kill++)
        {
            var victim = kill % ClusterSite.Silos;
            Assert.NotEmpty(await site.PartitionsAsync(victim, "readings"));
            var killed = Stopwatch.GetTimestamp();
            site.Silo(victim).Kill();
            await Task.Delay(TimeSpan.FromSeconds(4));
            flows.Add(AcceptedRequest.FlowAfter(load.Acknowledged, killed, Partitions));
            await site.StartSiloAsync(victim);
            await site.IsEvenAsync("readings", Partitions, Limit);
        }

        await load.AcceptedMoreAsync(1_000, Limit);
        await load.StopAsync();
        output.WriteLine($"{load.Accepted} events, {load.Refused.Count} refused, flow after "
            + string.Join(", ", flows.Select(static flow => $"{flow.TotalSeconds:0.00} s")));
        await ExactlyOnceAsync(site, load);
        Assert.True(load.Refused.Count == 0, string.Join("\n", load.Refused.Take(5)));
        Assert.True(flows.Max() <= FlowLimit, $"slowest: {flows.Max().TotalSeconds:0.00} s");
    }

    [Fact]
    public async Task All_processes_killed_at_once_and_started_again_serve_everything_with_nothing_lost()
    {
        await using var site = await ClusterSite.StartAsync();
        await site.DefineAsync("kept", Definition);
        var load = new KeyedLoad(site.Fronts, "readings", writers: 4, keysPerWriter: 8, batch: 16);
        load.Start();
        await load.AcceptedMoreAsync(2_000, Limit);
        var watch = Stopwatch.StartNew();
        site.KillAll();
        await site.StartAllAsync();
        await load.AcceptedMoreAsync(1_000, Limit);
        output.WriteLine($"ready and accepting after {watch.Elapsed.TotalSeconds:0.0} s");
        await load.StopAsync();
        await ExactlyOnceAsync(site, load);
    }

    [Fact]
    public async Task A_silo_that_is_told_to_stop_under_load_fails_no_request()
    {
        await using var site = await ClusterSite.StartAsync();
        await site.DefineAsync("kept", Definition);
        await site.IsEvenAsync("readings", Partitions, Limit);
        var load = new KeyedLoad(site.Fronts, "readings", writers: 4, keysPerWriter: 8, batch: 16);
        load.Start();
        await load.AcceptedMoreAsync(2_000, Limit);
        var told = Stopwatch.GetTimestamp();
        await site.Silo(1).SignalAsync("TERM");
        Assert.Equal(0, await site.Silo(1).ExitsAsync(TimeSpan.FromSeconds(15)));
        var took = Stopwatch.GetElapsedTime(told);
        await load.AcceptedMoreAsync(1_000, Limit);
        await load.StopAsync();
        var slowest = AcceptedRequest.SlowestSince(load.Acknowledged, told);
        output.WriteLine($"stopped in {took.TotalSeconds:0.0} s, slowest request {slowest.TotalSeconds:0.00} s");
        Assert.True(load.Refused.Count == 0, string.Join("\n", load.Refused.Take(5)));
        await ExactlyOnceAsync(site, load);
    }

    private static async Task ExactlyOnceAsync(ClusterSite site, KeyedLoad load)
    {
        foreach (var front in site.Fronts)
        {
            using var client = new ServiceClient(front);
            await client.HoldsOnceAsync("readings", load.Sent);
            await Eventually.GetAsync(
                () => client.CountAsync("kept.all"), count => count >= load.Accepted, Limit, "the stage has caught up");
            await client.HoldsOnceAsync("kept.all", load.Sent);
        }
    }
}
