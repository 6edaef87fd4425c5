using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Wire;

namespace Pipeline.Acceptance;

/// <summary>Far more connections than the service takes at a time.</summary>
public sealed class CrowdTests
{
    private const int Connections = 4_096;
    private const string Live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Idle_connections_lock_nobody_out()
    {
        using var site = new Site();
        var health = new Uri($"http://127.0.0.1:{Ports.Free()}/");
        site.Variables["Pipeline__HealthUrls"] = $"{health}";
        await using var host = await site.StartAsync();
        using var limit = new CancellationTokenSource(Limit);
        var crowd = new List<RawConnection>();
        for (var i = 0; i < Connections; i++)
        {
            var one = await RawConnection.OpenAsync(site.Address, limit.Token);
            await one.TrySendAsync(Live, limit.Token);
            Assert.Equal(200, (await one.ReadAsync(limit.Token)).Status);
            crowd.Add(one);
        }

        for (var i = 0; i < 100; i++)
        {
            var answer = await RawConnection.AskAsync(
                site.Address, "GET /v1/streams HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", limit.Token);
            Assert.Equal(200, answer.Status);
        }

        foreach (var address in (Uri[])[site.Address, health])
        {
            Assert.Equal(200, (await RawConnection.AskAsync(address, Live, limit.Token)).Status);
        }

        crowd.ForEach(static one => one.Dispose());
    }
}
