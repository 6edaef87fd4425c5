using System.Diagnostics;
using Pipeline.Cluster.Acceptance.Sites;

namespace Pipeline.Cluster.Acceptance;

/// <summary>The shape of Container Apps: silos behind one address, a pair of ports each; fronts elsewhere.</summary>
public sealed class ContainerTests(ContainersUnderLoad containers, ITestOutputHelper output)
    : IClassFixture<ContainersUnderLoad>
{
    [Fact(Explicit = true)] // silos are killed in SiloKillTests too: at night
    public async Task Kills_of_silos_behind_a_proxy_lose_nothing_and_events_flow_again_within_two_seconds()
    {
        var cluster = await containers.BeginAsync();
        await cluster.SurvivesKillsAsync(Nightly.Kills, output);
    }

    [Fact]
    public async Task Connections_that_the_proxy_cuts_are_made_again_and_nothing_is_lost()
    {
        var cluster = await containers.BeginAsync();
        var site = cluster.Site;
        var before = site.Connections;
        var flows = new List<TimeSpan>();
        for (var cut = 0; cut < Nightly.Cuts; cut++)
        {
            var moment = Stopwatch.GetTimestamp();
            site.CutAll();
            flows.Add(await cluster.FlowAfterAsync(moment));
            output.WriteLine($"flow after {flows[^1].TotalSeconds:0.00} s");
            await Task.Delay(TimeSpan.FromSeconds(3)); // until the connections are made again
        }

        output.WriteLine($"connections of silos and gateways: {before}, then {site.Connections}");
        Assert.NotEqual(before, site.Connections);
        await cluster.HoldsAsync();
        cluster.HasRefusedNothing();
        Limits.Holds(Limits.Flow, flows.Max(), "flow after a cut");
    }
}
