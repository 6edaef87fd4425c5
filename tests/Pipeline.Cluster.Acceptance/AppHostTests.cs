using System.Diagnostics;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance;

/// <summary>apphost.cs, as somebody runs it who wants to see the cluster on one machine.</summary>
public sealed class AppHostTests(ITestOutputHelper output)
{
    private const string Event = """{"deviceId":"dev-1","ts":"2026-01-01T00:00:01Z","temperature":21.5}""";

    /// <summary>A quiet machine takes a third of a minute; this one may have others at work.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact(Explicit = true)] // it builds the apphost first: at night
    public async Task It_starts_a_cluster_that_takes_events_and_ends_all_of_it()
    {
        Requires.Linux();
        Assert.SkipUnless(Directory.Exists("/usr/lib/postgresql"), "needs PostgreSQL: sudo apt-get install postgresql");
        await using var site = await AppHostSite.StartAsync();
        var watch = Stopwatch.StartNew();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        foreach (var health in site.Health)
        {
            while (!await AnswersAsync(http, health))
            {
                Assert.True(watch.Elapsed < Limit, $"{health} is not healthy:\n{site.Output}");
                await Task.Delay(200, TestContext.Current.CancellationToken);
            }
        }

        output.WriteLine($"all healthy after {watch.Elapsed.TotalSeconds:0.0} s");
        await site.HasDashboardAsync();

        // The stream is there as soon as the apphost has put the quick start's definition into force.
        using var first = new ServiceClient(site.FirstFront);
        var sent = new StringContent(Event, System.Net.Http.Headers.MediaTypeHeaderValue.Parse("application/json"));
        var events = new Uri(site.FirstFront, "v1/streams/readings/events");
        while ((int)(await http.PostAsync(events, sent, TestContext.Current.CancellationToken)).StatusCode != 200)
        {
            Assert.True(watch.Elapsed < Limit, $"no event is taken:\n{site.Output}");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        Assert.True((await first.PostWatermarkAsync("readings", "2026-01-01T00:01:00Z")).IsOk, site.Output);
        using var last = new ServiceClient(site.LastFront);
        while (await last.CountAsync("telemetry.perDevice") == 0)
        {
            Assert.True(watch.Elapsed < Limit, $"no result comes out:\n{site.Output}");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, await last.CountAsync("readings"));

        Assert.Equal(0, await site.EndAsync());
        foreach (var health in site.Health)
        {
            Assert.True(await EventuallyGoneAsync(http, health), $"{health} still answers");
        }
    }

    private static async Task<bool> EventuallyGoneAsync(HttpClient http, Uri health)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            if (!await AnswersAsync(http, health))
            {
                return true;
            }

            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        return false;
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri address)
    {
        try
        {
            using var answer = await http.GetAsync(address, TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
