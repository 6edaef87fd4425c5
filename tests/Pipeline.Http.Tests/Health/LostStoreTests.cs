using Pipeline.Http.Tests.Service;
using Pipeline.TestKit.Machines;
using Xunit;

namespace Pipeline.Http.Tests.Health;

[Collection(HttpContractGroup.Name)]
public sealed class LostStoreTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_store_lost_degrades_health_and_events_are_accepted()
    {
        await using var service = new RunningService();
        await service.InitializeAsync();
        service.LoseStore(3);
        var reply = await Eventually.GetAsync(
            async () =>
            {
                await service.PostAsync("plain", "1");
                return await service.GetAsync("health");
            },
            static reply => reply.Json["checks"]!.AsArray().Any(static check =>
                (string?)check!["name"] == "store 3" && (string?)check["status"] == "degraded"),
            Limit,
            "the store is told of");

        Assert.Equal(200, reply.Status);

        // A partition may have lost it before the host says that it is away: then copies are missing, which is true.
        var store = Assert.Single(reply.Json["checks"]!.AsArray(), static check =>
            (string?)check!["status"] != "ok" && (string?)check["name"] != "copies")!;
        Assert.Equal(("store 3", "degraded"), ((string?)store["name"], (string?)store["status"]));
        Assert.NotEmpty((string)store["reason"]!);
        Assert.Equal(200, (await service.PostAsync("plain", "1")).Status);
        Assert.Equal("ok", (string?)(await service.GetAsync("health/live")).Json["status"]);
    }
}
