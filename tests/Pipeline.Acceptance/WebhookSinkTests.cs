using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Sinks;

namespace Pipeline.Acceptance;

/// <summary>kill -9 of the service under load, and a target that fails, hangs up and is away.</summary>
public sealed class WebhookSinkTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kills_leave_no_event_out_keep_each_key_in_order_and_repeat_only_under_the_same_key()
    {
        using var receiver = new WebhookReceiver();
        var chance = new Random(5);
        receiver.Answer = _ => chance.Next(50) switch { 0 => 500, 1 => WebhookReceiver.Dropped, _ => 200 };
        using var site = new Site();
        site.Variables["Pipeline__Sinks__PrivateHosts"] = "127.0.0.1";
        site.Define("kept", LoadDefinitions.Webhook(receiver.Address));
        var load = new KeyedLoad(site.Address, "readings", writers: 4, keysPerWriter: 8, batch: 10)
        {
            Pause = TimeSpan.FromMilliseconds(20),
        };
        await using var host = await SinkKills.RunAsync(
            site, load, receiver.StopAsync, receiver.StartAgainAsync);
        var taken = await Eventually.GetAsync(
            () => Task.FromResult(receiver.Distinct()),
            found => found.Count >= load.Accepted,
            SinkKills.Limit,
            "requests");
        await ExactlyOnce.HoldsAsync(taken.Select(static request => request.Json).ToAsyncEnumerable(), load.Sent);
        output.WriteLine($"{SinkKills.Kills} kills, {load.Accepted} events, {receiver.All.Count} requests");
    }
}
