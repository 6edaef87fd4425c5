using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Http.Engine;
using Pipeline.Http.Tests.Service;
using Pipeline.Monitoring.Alerts;
using Pipeline.TestKit.HttpContract;
using Pipeline.TestKit.Machines;
using Xunit;

namespace Pipeline.Http.Tests.Alerts;

/// <summary>From a store that is taken away to a webhook that is told.</summary>
[Collection(HttpContractGroup.Name)]
public sealed class AlertsTests
{
    private const string Name = "store-lost";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_target_is_told_when_a_store_is_lost_and_when_it_is_back_though_it_was_down_first()
    {
        await using var hook = new Hook { Refusing = 2 };
        await using var service = await StartAsync(hook);
        service.LoseStore(3);
        await FiresAsync(service);
        await hook.StartAsync();
        await Eventually.GetAsync(
            () => Task.FromResult(hook.Said(Name)), static said => said == "firing", Limit, "it is told");
        Assert.True(hook.Asked > hook.Refusing);

        service.GiveStoreBack(3);
        await Eventually.GetAsync(
            () => Task.FromResult(hook.Said(Name)), static said => said == "firing resolved", Limit, "it is over");
        Assert.DoesNotContain(
            (await service.GetAsync("v1/alerts")).Json["alerts"]!.AsArray(),
            static one => (string?)one!["name"] == Name);
        var (body, signature) = hook.Taken.First();
        var expected = HMACSHA256.HashData("secret"u8, body);
        Assert.Equal("sha256=" + Convert.ToHexStringLower(expected), signature);
        var json = JsonNode.Parse(body)!;
        Assert.Equal(("3", 1, "docs/runbook.md#store-lost"),
            ((string?)json["labels"]!["store"], (double)json["value"]!, (string?)json["runbook"]));
        Assert.True(DateTime.TryParse((string?)json["since"], out _));
        Assert.NotEmpty((string)json["summary"]!);
    }

    [Fact]
    public async Task Of_what_is_silenced_nobody_is_told_and_it_is_shown()
    {
        await using var hook = new Hook();
        await hook.StartAsync();
        await using var service = await StartAsync(hook);
        Assert.Equal(200, (await PostAsync(service, $"{Name}/silence", new { @for = "1h" })).Status);
        service.LoseStore(3);
        var fires = await FiresAsync(service);

        Assert.NotNull(fires["silencedUntil"]);
        Assert.Null(fires["lastNotification"]);
        Assert.Equal("", hook.Said(Name));
        Assert.Equal(200, (await PostAsync(service, $"{Name}/silence", new { @for = "0s" })).Status);
        await Eventually.GetAsync(
            () => Task.FromResult(hook.Said(Name)), static said => said == "firing", Limit, "it is told");
        var rule = (await service.GetAsync("v1/alerts")).Json["rules"]!.AsArray()
            .Single(static one => (string?)one!["name"] == Name)!;
        Assert.Equal((0, 1), ((double)rule["above"]!, (double)rule["forSeconds"]!));
    }

    [Fact]
    public async Task A_test_says_for_each_target_whether_it_arrived()
    {
        await using var hook = new Hook();
        await using var service = await StartAsync(hook);
        var down = (await PostAsync(service, "test", new { })).Json["targets"]![0]!;
        Assert.Equal(("hook", false), ((string?)down["name"], (bool)down["delivered"]!));
        Assert.NotEmpty((string)down["error"]!);
        await hook.StartAsync();

        var up = (await PostAsync(service, "test", new { })).Json["targets"]![0]!;
        Assert.True((bool)up["delivered"]!);
        Assert.Equal("firing", hook.Said("test"));
    }

    [Theory]
    [InlineData("lag/silence", "{}", 400)]
    [InlineData("lag/silence", "{\"for\":3}", 400)]
    [InlineData("lag/silence", "{\"for\":\"31d\"}", 400)]
    [InlineData("lag/silence", "nothing", 400)]
    [InlineData("other/silence", "{\"for\":\"1h\"}", 404)]
    [InlineData("test", "{}", 409)]
    public async Task What_makes_no_sense_is_refused(string path, string body, int status)
    {
        await using var service = new RunningService();
        await service.InitializeAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        Assert.Equal(status, (await service.SendAsync(new(HttpMethod.Post, $"v1/alerts/{path}") { Content = content }))
            .Status);
    }

    [Theory]
    [InlineData(AlertFormat.Slack, "text")]
    [InlineData(AlertFormat.Teams, "attachments")]
    public void Other_formats_say_the_same(AlertFormat format, string member)
    {
        var json = JsonNode.Parse(AlertBody.Write(AlertNotice.Test(0), format, DateTimeOffset.UnixEpoch))!;
        Assert.Contains("notifications arrive", json[member]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Alertmanager_is_told_until_when_to_remember_it()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(1);
        var notice = AlertNotice.Test(DateTimeOffset.UnixEpoch.UtcTicks);
        var fires = JsonNode.Parse(AlertBody.Write(notice, AlertFormat.Alertmanager, now))![0]!;
        var resolved = notice with { IsFiring = false };
        var over = JsonNode.Parse(AlertBody.Write(resolved, AlertFormat.Alertmanager, now))![0]!;
        Assert.Equal("test", (string?)fires["labels"]!["alertname"]);
        Assert.Equal(now.AddHours(5), (DateTimeOffset)fires["endsAt"]!);
        Assert.Equal(now, (DateTimeOffset)over["endsAt"]!);
    }

    private static async Task<RunningService> StartAsync(Hook hook)
    {
        var service = new RunningService
        {
            Options = new PipelineHttpOptions
            {
                Alerts = new AlertOptions
                {
                    Targets = [hook.Target()],
                    Rules = new Dictionary<string, AlertOverride> { [Name] = new(null, TimeSpan.FromSeconds(1), null) },
                },
            },
        };
        await service.InitializeAsync();
        return service;
    }

    private static async Task<JsonNode> FiresAsync(RunningService service)
    {
        JsonNode? found = null;
        await Eventually.IsTrueAsync(
            async () =>
            {
                await service.PostAsync("plain", "1");
                found = (await service.GetAsync("v1/alerts")).Json["alerts"]!.AsArray()
                    .FirstOrDefault(static one => (string?)one!["name"] == Name);
                return found is not null;
            },
            Limit,
            "the alert fires");
        return found!;
    }

    private static Task<Reply> PostAsync(RunningService service, string path, object body) =>
        service.SendAsync(new(HttpMethod.Post, $"v1/alerts/{path}") { Content = JsonContent.Create(body) });
}
