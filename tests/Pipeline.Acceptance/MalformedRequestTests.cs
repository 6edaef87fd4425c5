using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Fuzz;

namespace Pipeline.Acceptance;

/// <summary>Thousands of requests that are wrong, and a host that goes on as if nothing were.</summary>
public sealed class MalformedRequestTests(ITestOutputHelper output)
{
    private const int Seed = 7;

    /// <summary>
    /// What Kestrel says of a trailer that is not UTF-8, behind a chunked body that was refused unread: it closes the
    /// connection.
    /// </summary>
    private const string Drained = "automatic draining of the request body failed";

    [Fact]
    public async Task Malformed_requests_end_without_a_mistake_of_the_server_and_others_are_served_meanwhile()
    {
        using var site = new Site();
        site.Define("fuzz", FuzzRun.Definition);
        await using var host = await site.StartAsync();
        var run = new FuzzRun(site.Address, Seed);
        await run.RunAsync(Nightly.MalformedRequests);
        output.WriteLine(string.Join(", ", run.Statuses.OrderBy(static of => of.Key)));

        Assert.Empty(run.Mistakes);
        Assert.False(host.HasExited, host.Output);
        Assert.DoesNotContain(host.Output.Split('\n'), static line =>
            line.Contains("   at ", StringComparison.Ordinal) && !line.Contains(Drained, StringComparison.Ordinal));
        Assert.Contains(400, run.Statuses.Keys);
        Assert.Contains(200, run.Statuses.Keys);
        run.AssertServedMeanwhile(isMachineIdle: Nightly.IsOn);
        using var client = new ServiceClient(site.Address);
        Assert.True((await client.PostAsync("fuzz", "{\"k\":1}"u8.ToArray())).IsOk);
        Assert.Equal(0, await host.StopAsync());
    }
}
