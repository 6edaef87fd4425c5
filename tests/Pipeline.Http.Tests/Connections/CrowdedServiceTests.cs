using Microsoft.Extensions.DependencyInjection;
using Pipeline.Http.Connections;
using Pipeline.Http.Tests.Service;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Wire;
using Xunit;

namespace Pipeline.Http.Tests.Connections;

/// <summary>A service whose every connection is taken.</summary>
[Collection(HttpContractGroup.Name)]
public sealed class CrowdedServiceTests
{
    private const int Places = 20;
    private const string Get = "GET /v1/streams HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private const string Health = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private const string Tail =
        "GET /v1/streams/plain/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Who_comes_gets_the_place_of_a_connection_that_is_idle()
    {
        await using var service = new RunningService { Options = new() { MaxConnections = Places } };
        await service.InitializeAsync();
        using var limit = new CancellationTokenSource(Limit);
        var idle = await OpenAsync(service, 3 * Places, Get, limit.Token);

        Assert.All(idle, static one => Assert.True(one.Reply.Status is 200 or 503, one.Reply.ToString()));
        await Eventually.IsTrueAsync(
            async () => (await RawConnection.AskAsync(service.Addresses[0], Get, limit.Token)).Status == 200,
            Limit,
            "a client more is served");
        idle.ForEach(static one => one.Connection.Dispose());
    }

    [Fact]
    public async Task Where_none_is_idle_health_is_answered_and_the_rest_told_to_come_again()
    {
        await using var service = new RunningService { Options = new() { MaxConnections = Places } };
        await service.InitializeAsync();
        using var limit = new CancellationTokenSource(Limit);
        var tails = new List<RawConnection>();
        var gate = service.Services.GetRequiredService<ConnectionGate>();
        await Eventually.IsTrueAsync(
            async () =>
            {
                var tail = await RawConnection.OpenAsync(service.Addresses[0], limit.Token);
                await tail.TrySendAsync(Tail, limit.Token);
                tails.Add(tail);
                var other = await RawConnection.AskAsync(service.Addresses[0], Get, limit.Token);
                return other.Status == 503;
            },
            Limit,
            "every place is taken by a tail");

        var refused = await RawConnection.AskAsync(service.Addresses[0], Get, limit.Token);
        Assert.Equal((503, "too-many-connections"), (refused.Status, refused.Problem));
        Assert.Equal("1", refused.Headers["Retry-After"]);
        Assert.Equal("close", refused.Headers["Connection"]);
        Assert.Equal(200, (await RawConnection.AskAsync(service.Addresses[0], Health, limit.Token)).Status);
        Assert.InRange(gate.Count, Places, Places + 64);
        tails.ForEach(static tail => tail.Dispose());
        await Eventually.IsTrueAsync(
            async () => (await RawConnection.AskAsync(service.Addresses[0], Get, limit.Token)).Status == 200,
            Limit,
            "served again");
    }

    [Fact]
    public async Task A_health_port_answers_health_alone_and_its_connections_do_not_count()
    {
        var health = new Uri($"http://127.0.0.1:{Ports.Free()}/");
        await using var service = new RunningService
        {
            HealthAddress = health,
            Options = new() { MaxConnections = Places },
        };
        await service.InitializeAsync();
        using var limit = new CancellationTokenSource(Limit);
        var probes = await OpenAsync(health, 2 * Places, Health, limit.Token);

        Assert.All(probes, static probe => Assert.Equal(200, probe.Reply.Status));
        Assert.Equal(200, (await RawConnection.AskAsync(service.Addresses[0], Get, limit.Token)).Status);
        Assert.Equal(404, (await RawConnection.AskAsync(health, Get, limit.Token)).Status);
        probes.ForEach(static probe => probe.Connection.Dispose());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Accept: text/event-stream\r\n")]
    public async Task A_client_that_does_not_read_is_dropped(string accept)
    {
        await using var service = new RunningService
        {
            Options = new() { ReaderPatience = TimeSpan.FromSeconds(1) },
        };
        await service.InitializeAsync();
        var line = $"\"{new string('x', 9_999)}\"\n";
        var body = string.Concat(Enumerable.Repeat(line, 2_000));
        Assert.Equal(200, (await service.PostAsync("one", body)).Status);
        using var limit = new CancellationTokenSource(Limit);
        using var reader = await RawConnection.OpenAsync(service.Addresses[0], limit.Token);
        var gate = service.Services.GetRequiredService<ConnectionGate>();
        var before = gate.Running;
        await reader.TrySendAsync(
            $"GET /v1/streams/one/events?max=2000 HTTP/1.1\r\nHost: localhost\r\n{accept}\r\n", limit.Token);
        await Eventually.IsTrueAsync(() => Task.FromResult(gate.Running > before), Limit, "the request runs");

        await Eventually.IsTrueAsync(() => Task.FromResult(gate.Running == before), Limit, "the request has ended");
        Assert.True(await reader.ClosesAsync(limit.Token));
    }

    private static Task<List<(RawConnection Connection, RawReply Reply)>> OpenAsync(
        RunningService service, int count, string request, CancellationToken limit) =>
        OpenAsync(service.Addresses[0], count, request, limit);

    private static async Task<List<(RawConnection Connection, RawReply Reply)>> OpenAsync(
        Uri address, int count, string request, CancellationToken limit)
    {
        var open = new List<(RawConnection, RawReply)>();
        for (var i = 0; i < count; i++)
        {
            var connection = await RawConnection.OpenAsync(address, limit);
            await connection.TrySendAsync(request, limit);
            open.Add((connection, await connection.ReadAsync(limit)));
        }

        return open;
    }
}
