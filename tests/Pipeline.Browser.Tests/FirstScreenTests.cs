using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;

namespace Pipeline.Browser.Tests;

/// <summary>What somebody sees first: of a new service, of one that lost a store, of one that asks who he is.</summary>
public sealed class FirstScreenTests(Chromium chromium)
{
    private const string Definition = "name: first\nstreams: { readings: { partitions: 1, key: device } }\n";

    [Fact]
    public async Task Without_events_it_says_what_to_do_and_then_that_a_store_is_lost()
    {
        await using var host = new ConsoleHost();
        await host.StartAsync([Definition]);
        await using var visit = await chromium.VisitAsync(host.Address);

        await visit.SeesAsync(AriaRole.Heading, "No events yet");
        await visit.SeesAsync(AriaRole.Region, "No events yet", $"curl {host.Address}v1/streams/readings/events");
        await visit.SeesAsync(AriaRole.Status, "", "accepting events");

        await host.PostAsync("readings", ["""{"device":"a"}"""]);
        await Assertions.Expect(visit.Role(AriaRole.Heading, "No events yet")).ToHaveCountAsync(0);
        host.LoseStore(2);
        await visit.SeesAsync(AriaRole.Status, "", "degraded: store 2: ");
        await visit.SeesAsync(AriaRole.Region, "Needs attention", "store 2");
        await visit.SeesAsync(AriaRole.Region, "Stores answering", "2 of 3");
    }

    [Fact]
    public async Task With_authentication_on_it_asks_for_a_key_and_shows_what_that_may_see()
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        await using var host = new ConsoleHost();
        await host.StartAsync(
            [Definition], $"Pipeline__Auth__Keys__board__Hash={hash}", "Pipeline__Auth__Keys__board__Roles=reader");
        await using var visit = await chromium.VisitAsync(host.Address);

        var box = visit.Page.GetByLabel("Key", new() { Exact = true });
        await box.FillAsync("not-a-key");
        await visit.Role(AriaRole.Button, "Show the console").ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).Not.ToBeEmptyAsync();
        await box.FillAsync(key);
        await box.PressAsync("Enter");
        await visit.SeesAsync(AriaRole.Heading, "No events yet");
        Assert.DoesNotContain(key, visit.Page.Url, StringComparison.Ordinal);

        await visit.GoAsync("#/pipelines/first");
        await visit.DoAsync("Pause", "Pause first?", "Pause");
        await Assertions.Expect(visit.Page.GetByText("Not done:")).ToContainTextAsync("operator");
        await visit.Role(AriaRole.Button, "Forget the key").ClickAsync();
        await Assertions.Expect(box).ToBeVisibleAsync();
    }
}
