using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Pipeline.TestKit.Machines;

namespace Pipeline.Browser.Tests;

/// <summary>The console of a service at work, as people use it.</summary>
public sealed class ConsoleTests(BusyHost busy, Chromium chromium) : IClassFixture<BusyHost>
{
    private const string Definition = "Definition";

    private static readonly string[] Pages =
    [
        "Overview", "Pipelines", "Streams", "Stores", "Cluster", "Dead letters", "Backups", "Transactions", "Keys",
    ];

    private static readonly string[] Addresses =
    [
        "#/", "#/pipelines", $"#/pipelines/{BusyHost.LongPipeline}", "#/pipelines/orders/stages/amounts",
        "#/pipelines/orders/definition", "#/streams", $"#/streams/{BusyHost.LongStream}", "#/streams/orders/0/0",
        "#/stores", "#/cluster", "#/dead-letters", "#/dead-letters/orders", "#/backups", "#/transactions", "#/keys",
    ];

    [Fact]
    public async Task Three_pipelines_under_load_show_their_rates()
    {
        await using var visit = await chromium.VisitAsync(busy.Host.Address);

        foreach (var pipeline in (string[])["telemetry", "orders", BusyHost.LongPipeline])
        {
            var row = visit.Region("Pipelines").GetByRole(AriaRole.Row).Filter(new() { HasText = pipeline });
            await Assertions.Expect(row).ToContainTextAsync(new Regex(@"[1-9][\d.]*k?/s"));
        }

        await visit.SeesAsync(AriaRole.Region, "Events in", "at most");
        await visit.Region("Pipelines").GetByRole(AriaRole.Link, new() { Name = "telemetry" }).ClickAsync();
        await Assertions.Expect(visit.Region("Graph")).ToContainTextAsync(new Regex(@"[1-9][\d.]*/s"));
    }

    [Fact]
    public async Task What_a_failed_sink_says_can_be_read()
    {
        await using var visit = await chromium.VisitAsync(busy.Host.Address);

        await visit.SeesAsync(AriaRole.Region, "Needs attention", "out/purchases cannot be used");
        await visit.Region("Needs attention").GetByRole(AriaRole.Link).ClickAsync();
        await visit.SeesAsync(AriaRole.Region, "Instances", "✕failed");
        await visit.SeesAsync(AriaRole.Region, "Instances", "out/purchases cannot be used");
    }

    [Fact]
    public async Task Dead_letters_are_listed_with_their_cause_and_what_cannot_be_done_is_said()
    {
        await using var visit = await chromium.VisitAsync(busy.Host.Address, "#/dead-letters");

        await visit.Role(AriaRole.Link, "orders", exact: true).ClickAsync();
        await visit.SeesAsync(AriaRole.Region, "Causes", "CAST of 'twelve'");
        var letter = visit.Region("Letters").GetByRole(AriaRole.Row).Nth(1);
        await Assertions.Expect(letter).ToContainTextAsync("""{"customer":"c7","amount":"twelve"}""");
        await Assertions.Expect(visit.Page.GetByText("Not built yet: redrive and discard")).ToBeVisibleAsync();
        Assert.Equal(0, await visit.Role(AriaRole.Button, "redrive").CountAsync());
        await letter.GetByRole(AriaRole.Link).ClickAsync();
        await visit.SeesAsync(AriaRole.Region, "Event", "\"amount\": \"twelve\"");
    }

    [Fact]
    public async Task A_mistake_in_a_definition_is_shown_at_its_line_and_nothing_is_changed()
    {
        await using var visit = await chromium.VisitAsync(busy.Host.Address, "#/pipelines/orders/definition");

        var text = visit.Role(AriaRole.Textbox, Definition);
        var right = await text.InputValueAsync();
        await text.FillAsync(right.Replace("amount FROM", "nothing( FROM", StringComparison.Ordinal));
        await visit.Role(AriaRole.Button, "Apply…", exact: true).ClickAsync();
        await visit.SeesAsync(AriaRole.Button, "Line 5, column");
        await Assertions.Expect(text).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(visit.Page.Locator(".behind .wrong .said")).ToHaveCountAsync(1);
        var stored = await busy.Host.Http.GetStringAsync(new Uri("v1/pipelines/orders", UriKind.Relative));
        Assert.Contains("\"generation\":1,", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stages_would_lose_is_shown_and_asked_for_once()
    {
        const string Windows = """
            name: windows
            streams: { pages: { partitions: 1, key: k } }
            stages: { counts: { query: 'SELECT k, COUNT(*) AS n FROM pages GROUP BY k, TumblingWindow(hour, 1)' } }
            """;
        using var body = new StringContent(Windows, null, "application/yaml");
        using var put = await busy.Host.Http.PutAsync(new Uri("v1/pipelines/windows", UriKind.Relative), body);
        Assert.True(put.IsSuccessStatusCode);
        await busy.Host.PostAsync("pages", ["{\"k\":\"a\"}"]);
        await using var visit = await chromium.VisitAsync(busy.Host.Address, "#/pipelines/windows/definition");
        await visit.Role(AriaRole.Textbox, Definition).FillAsync(
            Windows.Replace("hour", "minute", StringComparison.Ordinal));
        await visit.Role(AriaRole.Button, "Apply…", exact: true).ClickAsync();
        var question = visit.Role(AriaRole.Dialog, "Apply the definition?");
        await Assertions.Expect(question).ToContainTextAsync("counts: Its query, key or lateness is another one");
        await question.GetByRole(AriaRole.Button, new() { Name = "Apply and drop it" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByText("Generation 2 is in force.")).ToBeVisibleAsync();

        await visit.GoAsync("#/pipelines/windows/definition");
        await visit.DoAsync("Go back to it…", "Go back to generation 1?", "Go back");
        question = visit.Role(AriaRole.Dialog, "Drop what stages hold?");
        await Assertions.Expect(question).ToContainTextAsync("counts: Its query, key or lateness is another one");
        await question.GetByRole(AriaRole.Button, new() { Name = "Apply and drop it" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByText("The text of generation 1 is in force.")).ToBeVisibleAsync();
        var end = new Uri("v1/pipelines/windows?streams=delete", UriKind.Relative);
        using var ended = await busy.Host.Http.DeleteAsync(end);
        Assert.True(ended.IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_action_asks_once_and_then_is_done()
    {
        await using var visit = await chromium.VisitAsync(busy.Host.Address, "#/pipelines/telemetry");

        await visit.DoAsync("Pause", "Pause telemetry?", "Pause");
        await visit.SeesAsync(AriaRole.Button, "Resume");
        await Assertions.Expect(visit.Page.GetByText("It is paused.")).ToBeVisibleAsync();
        await visit.DoAsync("Resume", "Resume telemetry?", "Resume");
        await visit.SeesAsync(AriaRole.Button, "Pause");
    }

    [Fact]
    public async Task The_keyboard_alone_reaches_every_page()
    {
        await using var visit = await chromium.VisitAsync(busy.Host.Address);

        var keyboard = visit.Page.Keyboard;
        foreach (var (index, name) in Pages.Index())
        {
            await visit.GoAsync("#/none");
            await visit.Page.EvaluateAsync("document.activeElement.blur()");
            // Over the link to the content and the name of the product, then page by page.
            for (var steps = 0; steps < 3 + index; steps++)
            {
                await keyboard.PressAsync("Tab");
            }

            await Assertions.Expect(visit.Role(AriaRole.Link, name, exact: true).First).ToBeFocusedAsync();
            await keyboard.PressAsync("Enter");
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(name);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_page_has_barriers_in_light_or_in_dark(bool isDark)
    {
        Assert.SkipUnless(File.Exists(Built.Axe), "needs axe-core: dotnet run test.cs installs it (npm)");
        await using var visit = await chromium.VisitAsync(busy.Host.Address, isDark: isDark, ignoresPolicy: true);
        var axe = await File.ReadAllTextAsync(Built.Axe);
        var back = await visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.Equal(isDark ? "rgb(14, 20, 24)" : "rgb(246, 247, 248)", back);
        foreach (var address in Addresses)
        {
            await visit.GoAsync(address);
            await Assertions.Expect(visit.Page.GetByText("Asking…")).ToHaveCountAsync(0);
            await visit.Page.EvaluateAsync(axe);
            var found = await visit.Page.EvaluateAsync<string>(
                "axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html)).join('\\n'))");
            Assert.True(found.Length == 0, $"{address}\n{found}");
        }
    }

    [Theory]
    [InlineData(360)]
    [InlineData(3840)]
    public async Task No_page_is_wider_than_the_window_however_long_the_names(int width)
    {
        await using var visit = await chromium.VisitAsync(busy.Host.Address, width: width);

        foreach (var address in Addresses)
        {
            await visit.GoAsync(address);
            await Assertions.Expect(visit.Page.GetByText("Asking…")).ToHaveCountAsync(0);
            var over = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
            Assert.True(over <= 0, $"{address} is {over} pixels too wide");
        }
    }

    [Fact]
    public async Task A_page_of_another_origin_cannot_change_anything()
    {
        var target = new Uri(busy.Host.Address, "v1/pipelines/orders/pause");
        var elsewhere = $"http://127.0.0.1:{Ports.Free()}/";
        await using var visit = await chromium.VisitAsync(busy.Host.Address);
        await visit.Page.RouteAsync(elsewhere, route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html",
            Body = $"<form method=post action='{target}'><button>Win a prize</button></form>",
        }));
        await visit.Page.GotoAsync(elsewhere);

        var refused = await visit.Page.RunAndWaitForResponseAsync(
            () => visit.Role(AriaRole.Button, "Win a prize").ClickAsync(), $"{target}");
        Assert.Equal(403, refused.Status);
        var stored = await busy.Host.Http.GetStringAsync(new Uri("v1/pipelines/orders", UriKind.Relative));
        Assert.Contains("\"paused\":false", stored, StringComparison.Ordinal);
    }
}
