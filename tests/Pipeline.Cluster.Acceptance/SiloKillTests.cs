using System.Diagnostics;
using System.Text.Json.Nodes;
using Pipeline.Cluster.Acceptance.Sites;

namespace Pipeline.Cluster.Acceptance;

/// <summary>Silos that die or are told to stop, under load over both fronts.</summary>
[Collection(SilosUnderLoadGroup.Name)]
public sealed class SiloKillTests(SilosUnderLoad silos, ITestOutputHelper output)
{
    [Fact]
    public async Task Kills_of_silos_lose_nothing_repeat_nothing_and_events_flow_again_within_two_seconds()
    {
        var cluster = await silos.BeginAsync();
        await cluster.SurvivesKillsAsync(Nightly.Kills, output);
    }

    [Fact]
    public async Task All_processes_killed_at_once_and_started_again_serve_everything_with_nothing_lost()
    {
        var cluster = await silos.BeginAsync();
        var took = new List<TimeSpan>();
        for (var restart = 0; restart < Nightly.Restarts; restart++)
        {
            took.Add(await cluster.RestartAsync());
        }

        output.WriteLine("ready and accepting after "
            + string.Join(", ", took.Select(static time => $"{time.TotalSeconds:0.0} s")));
        await cluster.HoldsAsync();
        Limits.Holds(Limits.Restart, took.Max(), "started again");
    }

    [Fact]
    public async Task Fronts_that_lost_all_silos_for_a_while_say_so_and_find_them_again_in_the_same_process()
    {
        var cluster = await silos.BeginAsync();
        var fronts = cluster.Site.FrontProcesses;
        for (var silo = 0; silo < SiloSite.Silos; silo++)
        {
            cluster.Site.Silo(silo).Kill();
        }

        await Task.Delay(Nightly.IsOn ? TimeSpan.FromMinutes(3) : TimeSpan.FromSeconds(20));
        Assert.All(fronts, static front => Assert.False(front.HasExited, front.Output));
        foreach (var front in fronts)
        {
            Assert.Equal(503, await front.StatusAsync("health"));
            var pipelines = JsonNode.Parse(await front.GetAsync("v1/pipelines"))!.AsArray();
            Assert.All(pipelines, static pipeline => Assert.Equal("unowned", (string?)pipeline!["status"]));
        }

        await Task.WhenAll(Enumerable.Range(0, SiloSite.Silos).Select(silo => cluster.Site.StartSiloAsync(silo)));
        var back = Stopwatch.GetTimestamp();
        var flow = await cluster.FlowAfterAsync(back);
        output.WriteLine($"events flow {flow.TotalSeconds:0.0} s after the silos were ready");
        Assert.All(fronts, static front => Assert.False(front.HasExited, front.Output));
        await cluster.HoldsAsync();
    }

    [Fact]
    public async Task A_silo_that_is_told_to_stop_under_load_fails_no_request()
    {
        var cluster = await silos.BeginAsync();
        var (ended, slowest) = await cluster.StopAsync(1);
        output.WriteLine($"stopped in {ended.TotalSeconds:0.0} s, slowest request {slowest.TotalSeconds:0.00} s");
        await cluster.HoldsAsync();
        cluster.HasRefusedNothing();
        Limits.Holds(Limits.Pause, slowest, "slowest request");
    }
}
