using System.Text.Json.Nodes;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance;

/// <summary>Two fronts see the same alert; a person is told once.</summary>
public sealed class AlertTests(ITestOutputHelper output)
{
    private const string Alert = "store-lost";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task It_is_told_once_and_its_end_once_though_the_front_that_tells_and_the_keepers_silo_are_killed()
    {
        await using var hook = new WebhookListener();
        await using var site = await ClusterSite.StartAsync(2, variables: new Dictionary<string, string>
        {
            ["Pipeline__Alerts__Webhook__ops__Url"] = hook.Address.ToString(),
            ["Pipeline__Alerts__Rules__store-lost__For"] = "2s",
        });
        var teller = await TellerAsync(site, [0, 1]);
        site.LoseStore('c');
        await SaidAsync(hook, "firing");
        await IsNotedAsync(site.FrontProcesses[1 - teller]);

        site.Silo(await site.KeeperAsync()).Kill();
        site.FrontProcesses[teller].Kill();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var next = await TellerAsync(site, [1 - teller]);
        output.WriteLine($"front {next} tells {watch.Elapsed.TotalSeconds:0.0} s after the kill");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(40));
        site.GiveStoreBack('c');
        await SaidAsync(hook, "firing resolved");

        await Task.Delay(Quiet);
        Assert.Equal("firing resolved", hook.Said(Alert));
        Assert.Single(hook.Of(Alert).Select(static one => (string)one["id"]!).Distinct());
    }

    /// <summary>Waits until exactly one of these fronts says that it tells.</summary>
    private static async Task<int> TellerAsync(ClusterSite site, int[] fronts)
    {
        var tellers = new List<int>();
        await Eventually.IsTrueAsync(
            async () =>
            {
                tellers.Clear();
                foreach (var front in fronts)
                {
                    var alerts = JsonNode.Parse(await site.FrontProcesses[front].GetAsync("v1/alerts"))!;
                    if ((bool)alerts["telling"]!)
                    {
                        tellers.Add(front);
                    }
                }

                return tellers.Count == 1;
            },
            Limit,
            "one front tells");
        return tellers[0];
    }

    /// <summary>
    /// Waits until the other front knows that it was said: one that is killed before that is followed by another one
    /// that says it again, with the same id (AlertTurnTests).
    /// </summary>
    private static Task IsNotedAsync(ClusterProcess front) => Eventually.IsTrueAsync(
        async () => JsonNode.Parse(await front.GetAsync("v1/alerts"))!["rules"]!.AsArray()
            .Any(static rule => (string)rule!["name"]! == Alert && rule["lastNotification"] is not null),
        Limit,
        "the other front knows what was said");

    private static Task<string> SaidAsync(WebhookListener hook, string said) => Eventually.GetAsync(
        () => Task.FromResult(hook.Said(Alert)), now => now == said, Limit, said);
}
