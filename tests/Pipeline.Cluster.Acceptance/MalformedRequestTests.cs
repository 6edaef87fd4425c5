using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Fuzz;

namespace Pipeline.Cluster.Acceptance;

/// <summary>Thousands of requests that are wrong, and a front that goes on as if nothing were.</summary>
public sealed class MalformedRequestTests(ITestOutputHelper output)
{
    private const int Seed = 11;

    [Fact]
    public async Task Malformed_requests_end_without_a_mistake_of_a_front_or_a_silo_and_others_are_served_meanwhile()
    {
        await using var site = await ClusterSite.StartAsync();
        var front = site.Fronts[0];
        using var client = new ServiceClient(front);
        Assert.True((await client.PutDefinitionAsync("fuzz", FuzzRun.Definition)).IsApplied);
        var run = new FuzzRun(front, Seed);
        await HoldsAsync(run);
        Assert.Contains(200, run.Statuses.Keys);
        Assert.True((await client.PostAsync("fuzz", "{\"k\":1}"u8.ToArray())).IsOk);

        var silo = site.Silo(0);
        await HoldsAsync(
            new FuzzRun(silo.Address, Seed) { Control = ["health/live", "health/ready", "metrics", "grains"] });
        Assert.False(silo.HasExited, silo.Output);
        Assert.Equal(200, await silo.StatusAsync("health/ready"));
    }

    private async Task HoldsAsync(FuzzRun run)
    {
        await run.RunAsync(Nightly.MalformedRequests);
        output.WriteLine(string.Join(", ", run.Statuses.OrderBy(static of => of.Key)));
        Assert.Empty(run.Mistakes);
        Assert.Contains(400, run.Statuses.Keys);
        run.AssertServedMeanwhile(isMachineIdle: Nightly.IsOn);
    }
}
