using System.Text;
using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;

namespace Pipeline.Acceptance;

/// <summary>How soon a killed service takes events again, and what it uses when nobody asks anything of it.</summary>
public sealed class StartTests(ITestOutputHelper output)
{
    private const long LogBytes = 1L << 30;
    private const int EventsPerRequest = 1_000;
    private const int EventBytes = 1_000;

    // The figure is 2 s on an idle machine; the test leaves room for one that is shared.
    private static readonly TimeSpan Bar = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task After_a_crash_with_a_gibibyte_in_the_logs_the_first_event_is_soon_accepted()
    {
        using var site = new Site();
        site.Define("plain", LoadDefinitions.Stream);
        await using (var host = await site.StartAsync())
        {
            await FillAsync(site);
            host.Kill();
        }

        using var client = new ServiceClient(site.Address);
        await using var again = StandaloneProcess.Start(site, site.Address);
        var body = Encoding.UTF8.GetBytes("{\"key\":\"after\",\"seq\":0}");
        var before = again.SinceStart.Elapsed;
        await client.PostUntilAcceptedAsync("readings", body, "after", TimeSpan.FromMinutes(1));
        var took = again.SinceStart.Elapsed;
        output.WriteLine($"first event accepted {took.TotalSeconds:0.00} s after process start");
        Assert.InRange(took, before, Bar);
    }

    [Fact]
    public async Task An_idle_service_uses_next_to_nothing()
    {
        Requires.Linux();
        using var site = new Site();
        site.Define("plain", LoadDefinitions.Files(Path.Combine(site.Data, "out")));
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        Assert.True((await client.PostAsync("readings", "{\"key\":\"k\",\"seq\":0}"u8.ToArray(), "a")).IsOk);
        var share = 1.0;
        for (var i = 0; i < 6 && share >= 0.02; i++)
        {
            // Until the start is over; the runtime compiles what is called often once more for a while.
            await Task.Delay(TimeSpan.FromSeconds(5));
            var before = ProcessUse.ProcessorSeconds(host.Id);
            var span = TimeSpan.FromSeconds(10);
            await Task.Delay(span);
            share = (ProcessUse.ProcessorSeconds(host.Id) - before) / span.TotalSeconds;
        }

        var memory = ProcessUse.Memory(host.Id);
        output.WriteLine($"idle: {share:P1} of a core, {memory >> 20} MiB");
        Assert.True(share < 0.02, $"{share:P1} of a core");
        Assert.True(memory < 200L << 20, $"{memory >> 20} MiB");
    }

    // Posts until the partitions hold a gibibyte of values.
    private static async Task FillAsync(Site site)
    {
        using var client = new ServiceClient(site.Address);
        var padding = new string('x', EventBytes);
        var text = new StringBuilder();
        for (var i = 0; i < EventsPerRequest; i++)
        {
            text.Append("{\"key\":\"k").Append(i % 100).Append("\",\"padding\":\"").Append(padding).Append("\"}\n");
        }

        var body = Encoding.UTF8.GetBytes(text.ToString());
        var requests = (int)(LogBytes / body.Length) + 1;
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
            await client.PostUntilAcceptedAsync("readings", body, $"fill-{i}", TimeSpan.FromMinutes(2)));
    }
}
