using Pipeline.TestKit.Wire;

namespace Pipeline.TestKit.HttpContract;

/// <summary>Clients that announce much and send little.</summary>
public abstract class SlowClientContract(HttpService service)
{
    private const int Announced = 32 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Slow_bodies_stop_nobody_else_and_are_given_up_themselves()
    {
        using var limit = new CancellationTokenSource(Limit);
        var slow = new List<RawConnection>();
        foreach (var address in service.Addresses)
        {
            for (var i = 0; i < 8; i++)
            {
                var connection = await RawConnection.OpenAsync(address, limit.Token);
                slow.Add(connection);
                await connection.TrySendAsync(
                    "POST /v1/streams/plain/events HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/x-ndjson\r\n"
                        + $"Content-Length: {Announced}\r\n\r\n{new string('\n', 300)}",
                    limit.Token);
            }
        }

        for (var i = 0; i < 50; i++)
        {
            var reply = await service.PostAsync("plain", $"{i}");
            Assert.True(reply.Status == 200, reply.ToString());
        }

        var large = await service.PostAsync("plain", string.Concat(Enumerable.Repeat("\"0123456789\"\n", 100_000)));
        Assert.True(large.Status == 200, large.ToString());
        var put = await service.PutAsync("slow", "name: slow\nstreams:\n  slow: { partitions: 1 }\n");
        Assert.True(put.IsApplied, put.ToString());
        foreach (var connection in slow)
        {
            var reply = await connection.ReadAsync(limit.Token);
            Assert.Equal((408, "too-slow"), (reply.Status, reply.Problem));
            connection.Dispose();
        }
    }
}
