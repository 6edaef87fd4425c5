using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Sinks;

namespace Pipeline.Acceptance;

/// <summary>kill -9 of the service under load, and a blob service that is cut off.</summary>
public sealed class BlobSinkTests(ITestOutputHelper output)
{
    private const int Kills = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Kills_and_a_service_that_is_cut_off_leave_each_event_in_the_blobs_once_and_in_order()
    {
        using var place = await BlobPlace.MakeAsync();
        using var site = new Site();
        site.Variables["BLOBS"] = place.Container;
        site.Variables["Pipeline__Definitions__Variables"] = "BLOBS";
        site.Define("kept", LoadDefinitions.Blobs);
        var random = new Random(Environment.TickCount);
        var host = await site.StartAsync();
        var load = new KeyedLoad(site.Address, "readings", writers: 4, keysPerWriter: 8, batch: 50);
        load.Start();
        for (var kill = 0; kill < Kills; kill++)
        {
            await load.AcceptedMoreAsync(random.Next(1, 2_000), Limit);
            if (kill == Kills / 2)
            {
                await place.StopAsync();
                await load.AcceptedMoreAsync(500, Limit);
                await place.StartAgainAsync();
            }

            await host.DisposeAsync();
            host = await site.StartAsync();
        }

        await load.AcceptedMoreAsync(500, Limit);
        await load.StopAsync();
        output.WriteLine($"{Kills} kills, {load.Accepted} events, {load.Refused.Count} requests repeated");
        var lines = await Eventually.GetAsync(
            () => place.LinesAsync("out/all"), found => found.Count >= load.Accepted, Limit, "lines in blobs");
        await ExactlyOnce.HoldsAsync(lines.ToAsyncEnumerable(), load.Sent);
        await host.DisposeAsync();
    }
}
