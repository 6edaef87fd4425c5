using System.Diagnostics;
using System.Text.Json.Nodes;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance;

/// <summary>The shape of Container Apps: silos behind one address, a pair of ports each; fronts elsewhere.</summary>
public sealed class ContainerTests(ITestOutputHelper output)
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

    [Fact]
    public async Task Kills_of_silos_behind_a_proxy_lose_nothing_and_events_flow_again_within_two_seconds()
    {
        await using var site = await ContainerSite.StartAsync();
        var load = await LoadAsync(site);
        var flows = new List<TimeSpan>();
        for (var kill = 0; kill < Nightly.Kills; kill++)
        {
            var victim = kill % ContainerSite.Silos;
            Assert.True(await PartitionsAsync(site, victim) > 0, $"silo {victim} serves nothing");
            var killed = Stopwatch.GetTimestamp();
            site.Silo(victim).Kill();
            flows.Add(await FlowAfterAsync(load, killed));
            await site.StartSiloAsync(victim);
            await IsEvenAsync(site);
        }

        output.WriteLine($"{load.Accepted} events, {load.Refused.Count} refused, flow after "
            + string.Join(", ", flows.Select(static flow => $"{flow.TotalSeconds:0.00} s")));
        await HoldsAsync(site, load);
        Limits.Holds(Limits.Flow, flows.Max(), "flow after a kill");
    }

    [Fact]
    public async Task Connections_that_the_proxy_cuts_are_made_again_and_nothing_is_lost()
    {
        await using var site = await ContainerSite.StartAsync();
        var load = await LoadAsync(site);
        var before = site.Connections;
        var flows = new List<TimeSpan>();
        for (var cut = 0; cut < 3; cut++)
        {
            var moment = Stopwatch.GetTimestamp();
            site.CutAll();
            flows.Add(await FlowAfterAsync(load, moment));
            output.WriteLine($"flow after {flows[^1].TotalSeconds:0.00} s");
        }

        output.WriteLine($"connections of silos and gateways: {before}, then {site.Connections}");
        Assert.NotEqual(before, site.Connections);
        await HoldsAsync(site, load);
        Limits.Holds(Limits.Flow, flows.Max(), "flow after a cut");
    }

    private static async Task<KeyedLoad> LoadAsync(ContainerSite site)
    {
        using var client = site.Client(0);
        var answer = await client.PutDefinitionAsync("kept", Definition);
        Assert.True(answer.IsOk, $"{answer}\n{site.Output}");
        await IsEvenAsync(site);
        var load = new KeyedLoad(site.Fronts, "readings", writers: 8, keysPerWriter: 8, batch: 16)
        {
            Credential = site.Key,
        };
        load.Start();
        await load.AcceptedMoreAsync(2_000, Limit);
        return load;
    }

    private static async Task<int> PartitionsAsync(ContainerSite site, int silo) =>
        JsonNode.Parse(await site.Silo(silo).GetAsync("grains"))!["partitions"]!.AsArray()
            .Count(static key => ((string)key!).StartsWith("readings/", StringComparison.Ordinal));

    private static Task<string> IsEvenAsync(ContainerSite site) => Eventually.GetAsync(
        async () =>
        {
            var counts = await Task.WhenAll(
                Enumerable.Range(0, ContainerSite.Silos).Select(silo => PartitionsAsync(site, silo)));
            return string.Join(' ', counts);
        },
        static counts => counts == "4 4 4",
        Limit,
        "partitions spread evenly");

    private static async Task<TimeSpan> FlowAfterAsync(KeyedLoad load, long moment)
    {
        await Task.Delay(TimeSpan.FromSeconds(4));
        TimeSpan? flow = AcceptedRequest.FlowAfter(load.Acknowledged, moment, Partitions);
        return flow ?? throw new InvalidOperationException("not every partition takes events after 4 s");
    }

    private static async Task HoldsAsync(ContainerSite site, KeyedLoad load)
    {
        await load.AcceptedMoreAsync(1_000, Limit);
        await load.StopAsync();
        for (var front = 0; front < site.Fronts.Count; front++)
        {
            using var client = site.Client(front);
            await client.HoldsOnceAsync("readings", load.Sent);
            await Eventually.GetAsync(
                () => client.CountAsync("kept.all"), count => count >= load.Accepted, Limit, "the stage has caught up");
            await client.HoldsOnceAsync("kept.all", load.Sent);
        }

        Assert.True(load.Refused.Count == 0, string.Join("\n", load.Refused.Take(5)));
    }
}
