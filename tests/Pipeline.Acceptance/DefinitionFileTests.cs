using System.Text;
using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Machines;

namespace Pipeline.Acceptance;

/// <summary>A definition file that has changed while the service was down.</summary>
public sealed class DefinitionFileTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task One_that_would_drop_state_does_not_stop_the_start_and_the_definition_before_it_goes_on()
    {
        using var site = new Site();
        site.Define("counts", Text("hour"));
        using var client = new ServiceClient(site.Address);
        await using (var first = await site.StartAsync())
        {
            await PostAsync(client, 1);
            Assert.Equal(0, await first.StopAsync());
        }

        site.Define("counts", Text("minute"));
        await using (var refused = await site.StartAsync())
        {
            Assert.Single(refused.Output.Split('\n'), static line =>
                line.Contains("counts.yaml: It was not applied", StringComparison.Ordinal)
                && line.Contains("reset: [counts]", StringComparison.Ordinal));
            var pipeline = (await client.GetAsync("v1/pipelines/a")).Json;
            Assert.Equal((1, Text("hour")), ((int)pipeline["generation"]!, (string?)pipeline["definition"]));
            var told = pipeline["refused"]!;
            Assert.Equal(
                ("counts.yaml", "state-would-be-lost", "counts"),
                ((string?)told["file"], (string?)told["reason"], (string?)told["stages"]![0]!["stage"]));
            Assert.Contains("reset: [counts]", (string?)told["detail"], StringComparison.Ordinal);

            // The windows before it go on.
            await PostAsync(client, 2);
            Assert.True((await client.PostWatermarkAsync("r", "2025-01-02T00:00:00Z")).IsOk);
            Assert.Contains("\"n\":2", await FirstAsync(client), StringComparison.Ordinal);
            Assert.Equal(0, await refused.StopAsync());
        }

        site.Define("counts", "reset: [counts]\n" + Text("minute"));
        await using (var applied = await site.StartAsync())
        {
            await IsAtAsync(client, 2);
            Assert.DoesNotContain("was not applied", applied.Output, StringComparison.Ordinal);
            await PostAsync(client, 3);
            Assert.Equal(0, await applied.StopAsync());
        }

        // The same file once more is no change.
        await using var again = await site.StartAsync();
        await IsAtAsync(client, 2);
    }

    [Fact]
    public async Task One_that_names_no_stage_to_reset_stops_the_start_with_its_place()
    {
        using var site = new Site();
        site.Define("counts", "reset: [counts, nothing]\n" + Text("hour"));
        await using var host = StandaloneProcess.Start(site, site.Address);
        Assert.Equal(2, await host.ExitsAsync(Limit));
        Assert.Contains("counts.yaml:1:17: 'reset' names 'nothing'", host.Output, StringComparison.Ordinal);
    }

    private static string Text(string unit) => $$"""
        name: a
        streams: { r: { partitions: 1, key: k, time: at, idle: never } }
        stages:
          counts: { query: "SELECT k, COUNT(*) AS n FROM r GROUP BY k, TumblingWindow({{unit}}, 1)" }

        """;

    private static async Task IsAtAsync(ServiceClient client, int generation)
    {
        var pipeline = (await client.GetAsync("v1/pipelines/a")).Json;
        Assert.Equal(generation, (int)pipeline["generation"]!);
        Assert.Null(pipeline["refused"]);
    }

    private static async Task PostAsync(ServiceClient client, int number) => Assert.True((await client.PostAsync(
        "r", Encoding.UTF8.GetBytes("{\"k\":\"a\",\"at\":\"2025-01-01T00:00:01Z\"}"), $"{number}")).IsOk);

    private static async Task<string> FirstAsync(ServiceClient client) => (await Eventually.GetAsync(
        () => client.GetAsync("v1/streams/a.counts/events"),
        static answer => answer.Body.Contains("\"n\":", StringComparison.Ordinal),
        Limit,
        "the window has closed")).Body;
}
