using System.Text.Json.Nodes;
using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;

namespace Pipeline.Acceptance;

/// <summary>kill -9 at random moments under load.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Kills_under_load_lose_nothing_repeat_nothing_and_keep_the_order_in_streams_and_files()
    {
        using var site = new Site();
        var folder = Path.Combine(site.Data, "out");
        site.Define("kept", LoadDefinitions.Files(folder));
        var random = new Random(Environment.TickCount);
        var host = await site.StartAsync();
        var load = new KeyedLoad(site.Address, "readings", writers: 4, keysPerWriter: 8, batch: 50);
        load.Start();
        for (var kill = 0; kill < Nightly.Kills; kill++)
        {
            await load.AcceptedMoreAsync(random.Next(1, 2_000), Limit);
            await host.DisposeAsync();
            host = await site.StartAsync();
        }

        await load.AcceptedMoreAsync(1_000, Limit);
        await load.StopAsync();
        output.WriteLine($"{Nightly.Kills} kills, {load.Accepted} events, {load.Refused.Count} requests repeated");

        using var client = new ServiceClient(site.Address);
        await client.HoldsOnceAsync("readings", load.Sent);
        await Eventually.GetAsync(
            () => client.CountAsync("kept.all"), count => count >= load.Accepted, Limit, "the stage has caught up");
        await client.HoldsOnceAsync("kept.all", load.Sent);
        await Eventually.GetAsync(
            () => Task.FromResult(FileLines(folder).LongCount()), count => count >= load.Accepted, Limit, "files");
        var lines = FileLines(folder).ToAsyncEnumerable();
        await ExactlyOnce.HoldsAsync(lines.Select(static line => JsonNode.Parse(line)!), load.Sent);
        await host.DisposeAsync();
    }

    /// <summary>The lines of the visible files: partition by partition, in the order of their first offsets.</summary>
    private static IEnumerable<string> FileLines(string folder) => !Directory.Exists(folder) ? [] :
        Directory.GetFiles(folder, "*.ndjson").Where(path => !Path.GetFileName(path).StartsWith('.'))
            .Order(StringComparer.Ordinal).SelectMany(File.ReadLines);
}
