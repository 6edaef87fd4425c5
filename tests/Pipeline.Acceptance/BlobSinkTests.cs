using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Sinks;

namespace Pipeline.Acceptance;

/// <summary>kill -9 of the service under load, and a blob service that is cut off.</summary>
public sealed class BlobSinkTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kills_and_a_service_that_is_cut_off_leave_each_event_in_the_blobs_once_and_in_order()
    {
        using var place = await BlobPlace.MakeAsync();
        using var site = new Site();
        site.Variables["BLOBS"] = place.Container;
        site.Variables["Pipeline__Definitions__Variables"] = "BLOBS";
        site.Define("kept", LoadDefinitions.Blobs);
        var load = new KeyedLoad(site.Address, "readings", writers: 4, keysPerWriter: 8, batch: 50);
        await using var host = await SinkKills.RunAsync(
            site, load, place.StopAsync, place.StartAgainAsync);
        output.WriteLine($"{SinkKills.Kills} kills, {load.Accepted} events, {load.Refused.Count} requests repeated");
        var lines = await Eventually.GetAsync(
            () => place.LinesAsync("out/all"),
            found => found.Count >= load.Accepted,
            SinkKills.Limit,
            "lines in blobs");
        await ExactlyOnce.HoldsAsync(lines.ToAsyncEnumerable(), load.Sent);
    }
}
