using System.Globalization;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.HttpContract;

/// <summary>A change that would drop what stages hold between events is refused, unless it says that it may.</summary>
public abstract class HeldStateContract(HttpService service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_stages_hold_is_dropped_only_where_that_is_asked_for()
    {
        Assert.True((await service.PutAsync("losing", Text("losing", "hour"))).IsApplied);
        await PostAsync("losing", 1);
        var refused = await PutAsync("losing", Text("losing", "minute"));
        IsRefused(refused, "counts", "sums");
        Assert.Equal(
            "Its query, key or lateness is another one: what it holds is dropped.",
            (string?)refused.Json["stages"]![0]!["why"]);
        Assert.Contains("?reset=counts,sums ", (string?)refused.Json["detail"], StringComparison.Ordinal);
        IsRefused(await PutAsync("losing", Text("losing", "minute"), "?reset=counts"), "sums");
        IsRefused(await PutAsync("losing", Text("losing", "minute"), "?reset=plain,sums"), "counts");
        var tried = await PutAsync("losing", Text("losing", "minute"), "?reset=true&dryRun=true");
        Assert.Equal((200, "kept lost lost"), (tried.Status, string.Join(' ', tried.Json["changes"]!.AsArray().Select(
            static change => (string?)change!["state"]))));
        await IsAtAsync("losing", 1, Text("losing", "hour"));

        // What it held is still there.
        await PostAsync("losing", 2);
        await EndAsync("losing", 1);
        Assert.Equal(2, (int)Assert.Single(await ReadAsync("losing.counts"))["value"]!["n"]!);

        Assert.True((await PutAsync("losing", Text("losing", "minute"), "?reset=counts,sums")).IsApplied);
        await IsAtAsync("losing", 2, Text("losing", "minute"));
        IsRefused(await RollBackAsync("losing", ""), "counts", "sums");
        Assert.True((await RollBackAsync("losing", "?reset=true")).IsApplied);
        await IsAtAsync("losing", 3, Text("losing", "hour"));
        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, "losing?streams=delete")).Status);
    }

    [Fact]
    public async Task A_stage_that_ends_is_asked_for_where_it_holds_something_and_by_its_name()
    {
        Assert.True((await service.PutAsync("ending", Text("ending", "hour"))).IsApplied);
        await PostAsync("ending", 1);
        var other = Text("ending", "hour").Replace("sums:", "totals:", StringComparison.Ordinal)
            .Replace("plain:", "simple:", StringComparison.Ordinal);
        IsRefused(await PutAsync("ending", other), "sums");
        Assert.True((await PutAsync("ending", other, "?reset=sums")).IsApplied);
        Assert.True((await PutAsync(
            "ending", other.Replace("simple:", "plain:", StringComparison.Ordinal))).IsApplied);
        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, "ending?streams=delete")).Status);
    }

    [Fact]
    public async Task Where_nothing_has_come_yet_nothing_is_lost()
    {
        Assert.True((await service.PutAsync("waiting", Text("waiting", "hour"))).IsApplied);
        var tried = await PutAsync("waiting", Text("waiting", "minute"), "?dryRun=true");
        Assert.Equal((200, "kept empty empty"), (tried.Status, string.Join(' ', tried.Json["changes"]!.AsArray().Select(
            static change => (string?)change!["state"]))));
        Assert.True((await PutAsync("waiting", Text("waiting", "minute"))).IsApplied);
        await PostAsync("waiting", 1);
        IsRefused(await PutAsync("waiting", Text("waiting", "hour")), "counts", "sums");
        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, "waiting?streams=delete")).Status);
    }

    [Fact]
    public async Task A_text_may_say_itself_what_may_be_dropped()
    {
        Assert.True((await service.PutAsync("telling", Text("telling", "hour"))).IsApplied);
        await PostAsync("telling", 1);
        IsRefused(await PutAsync("telling", "reset: counts\n" + Text("telling", "minute")), "sums");
        var wrong = await PutAsync("telling", "reset: [counts, sum]\n" + Text("telling", "minute"));
        Assert.Equal((400, "invalid-definition"), (wrong.Status, wrong.Problem));
        var mistake = Assert.Single(wrong.Json["errors"]!.AsArray())!;
        Assert.Equal((1, 17), ((int)mistake["line"]!, (int)mistake["column"]!));
        Assert.StartsWith("'reset' names 'sum', which", (string?)mistake["reason"], StringComparison.Ordinal);
        await IsAtAsync("telling", 1, Text("telling", "hour"));

        var right = "reset: [counts, sums]\n" + Text("telling", "minute");
        Assert.True((await PutAsync("telling", right)).IsApplied);
        Assert.False((bool)(await PutAsync("telling", right)).Json["changed"]!);
        await IsAtAsync("telling", 2, right);

        // A name that was right once may stay where it is.
        var without = "reset: [counts, sums]\n" + Text("telling", "minute").Split("  sums:")[0];
        Assert.True((await PutAsync("telling", without)).IsApplied);
        Assert.True((await PutAsync("telling", without + "# once more\n")).IsApplied);
        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, "telling?streams=delete")).Status);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("reset=")]
    [InlineData("reset=counts,")]
    [InlineData("reset=,")]
    [InlineData("reset=false")]
    [InlineData("reset=true,nowhere")]
    [InlineData("reset=nowhere")]
    [InlineData("reset=counts&reset=nowhere")]
    public async Task What_no_reset_is_refuses_the_change(string query)
    {
        await service.PutAsync("naming", Text("naming", "hour"));
        var put = await PutAsync("naming", Text("naming", "minute"), $"?{query}");
        Assert.Equal((400, "malformed"), (put.Status, put.Problem));
        Assert.Contains("reset", (string?)put.Json["detail"], StringComparison.Ordinal);
        var tried = await PutAsync("naming", Text("naming", "minute"), $"?{query}&dryRun=true");
        Assert.Equal((400, "malformed"), (tried.Status, tried.Problem));
        var same = await PutAsync("naming", Text("naming", "hour"), $"?{query}");
        Assert.Equal((400, "malformed"), (same.Status, same.Problem));
        await IsAtAsync("naming", 1, Text("naming", "hour"));
    }

    private static string Text(string name, string unit) => $$"""
        name: {{name}}
        streams: { {{name}}: { partitions: 2, key: k, time: at, idle: never } }
        stages:
          plain: { query: SELECT k FROM {{name}} }
          counts: { query: "SELECT k, COUNT(*) AS n FROM {{name}} GROUP BY k, TumblingWindow({{unit}}, 1)" }
          sums: { query: "SELECT k, SUM(v) AS n FROM {{name}} GROUP BY k, TumblingWindow({{unit}}, 1)" }

        """;

    private static void IsRefused(Reply reply, params string[] stages)
    {
        Assert.Equal((409, "state-would-be-lost"), (reply.Status, reply.Problem));
        Assert.Equal(stages, reply.Json["stages"]!.AsArray().Select(static stage => (string?)stage!["stage"]));
        Assert.All(reply.Json["stages"]!.AsArray(), static stage => Assert.NotEmpty((string)stage!["why"]!));
    }

    private async Task IsAtAsync(string name, int generation, string text)
    {
        var now = (await service.GetAsync($"v1/pipelines/{name}")).Json;
        Assert.Equal((generation, text), ((int)now["generation"]!, (string?)now["definition"]));
        Assert.Null(now["refused"]);
    }

    private async Task PostAsync(string stream, int value) => Assert.Equal(
        200, (await service.PostAsync(stream, $$"""{"k":"a","v":{{value}},"at":"2025-01-01T00:00:01Z"}""")).Status);

    private async Task EndAsync(string stream, int hours)
    {
        var time = new DateTime(2025, 1, 1, 1 + hours, 0, 0, DateTimeKind.Utc);
        var content = new StringContent(
            $$"""{"time":"{{time.ToString("O", CultureInfo.InvariantCulture)}}"}""", null, "application/json");
        Assert.Equal(200, (await service.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, $"v1/streams/{stream}/watermark") { Content = content })).Status);
    }

    private async Task<List<System.Text.Json.Nodes.JsonNode>> ReadAsync(string stream) => await Eventually.GetAsync(
        () => service.EventsAsync(stream), static events => events.Count > 0, Patience, $"{stream} has events");

    private Task<Reply> PutAsync(string name, string text, string query = "") =>
        service.SendAsync(new HttpRequestMessage(HttpMethod.Put, $"v1/pipelines/{name}{query}")
        {
            Content = new StringContent(text, null, "application/yaml"),
        });

    private Task<Reply> RollBackAsync(string name, string query) =>
        service.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"v1/pipelines/{name}/rollback{query}")
        {
            Content = new StringContent("""{"generation":1}""", null, "application/json"),
        });

    private Task<Reply> SendAsync(HttpMethod method, string path) =>
        service.SendAsync(new HttpRequestMessage(method, $"v1/pipelines/{path}"));
}
