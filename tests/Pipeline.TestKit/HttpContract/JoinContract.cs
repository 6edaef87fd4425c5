using System.Text.Json.Nodes;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.HttpContract;

/// <summary>Joins of two streams, on every host.</summary>
public abstract class JoinContract(HttpService service)
{
    private const int Most = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What comes out is computed anew here, from what was sent.</summary>
    [Fact]
    public async Task Each_pair_comes_out_once_and_what_has_none_when_it_can_have_none_also_when_outputs_are_added()
    {
        var draw = new Random(7);
        List<Sent> orders = [], payments = [];
        for (var round = 0; round < 3; round++)
        {
            await PutAsync(round == 1 ? "SELECT id, n INTO everything FROM orders WHERE n > 500" : "");
            orders.AddRange(await PostAsync(draw, "orders", round));
            payments.AddRange(await PostAsync(draw, "payments", round));
        }

        foreach (var stream in new[] { "orders", "payments" })
        {
            Assert.Equal(200, (await service.SendAsync(new HttpRequestMessage(
                HttpMethod.Post, $"v1/streams/{stream}/watermark")
            {
                Content = new StringContent("{\"time\":\"2025-01-02T00:00:00Z\"}", null, "application/json"),
            })).Status);
        }

        await HasAsync("joins.paid", orders.SelectMany(
            order => payments.Where(payment => Meet(order, payment)).Select(payment => $"{order.N} {payment.N}")));
        await HasAsync("joins.unpaid", orders.Where(order => !payments.Exists(payment => Meet(order, payment)))
            .Select(order => $"{order.N} "));
        Assert.Equal(200, (await service.SendAsync(
            new HttpRequestMessage(HttpMethod.Delete, "v1/pipelines/joins?streams=delete"))).Status);
    }

    [Fact]
    public async Task A_join_without_a_bound_on_time_is_refused_at_its_place()
    {
        var reply = await service.PutAsync(
            "unbound",
            "name: unbound\nstreams: { l: {}, r: {} }\nquery: SELECT l.x FROM l JOIN r ON l.x = r.x\n");
        Assert.Equal((400, "invalid-definition"), (reply.Status, reply.Problem));
        var error = Assert.Single(reply.Json["errors"]!.AsArray())!;
        Assert.Equal((3, 26), ((int)error["line"]!, (int)error["column"]!));
        Assert.Contains(
            "AND DATEDIFF(second, l, r) BETWEEN 0 AND 10", (string?)error["reason"], StringComparison.Ordinal);
    }

    private static bool Meet(Sent order, Sent payment) =>
        order.Id == payment.Id && payment.Second - order.Second is >= 0 and <= Most;

    private async Task PutAsync(string more)
    {
        var put = await service.PutAsync("joins", $$"""
            name: joins
            streams:
              orders: { partitions: 3, key: id, time: at }
              payments: { partitions: 2, key: id, time: at }
            query: |
              SELECT o.n AS o, p.n AS p INTO paid FROM orders o
              JOIN payments p ON o.id = p.id AND DATEDIFF(second, o, p) BETWEEN 0 AND {{Most}}
              SELECT o.n AS o INTO unpaid FROM orders o
              LEFT JOIN payments p ON o.id = p.id AND DATEDIFF(second, o, p) BETWEEN 0 AND {{Most}}
              WHERE p.id IS NULL
              {{more}}
            stages: { paid: { lateness: 10m }, unpaid: { lateness: 10m } }
            """);
        Assert.True(put.IsApplied, put.ToString());
    }

    private async Task<List<Sent>> PostAsync(Random draw, string stream, int round)
    {
        var sent = Enumerable.Range((60 * round) + 1, 60)
            .Select(second => new Sent($"c{draw.Next(7)}", draw.Next(1_000_000), second)).ToList();
        var lines = sent.Select(one => $$"""
            {"id":"{{one.Id}}","n":{{one.N}},"at":"2025-01-01T00:{{one.Second / 60:00}}:{{one.Second % 60:00}}Z"}
            """);
        await Eventually.IsTrueAsync(
            async () => (await service.PostAsync(
                stream, string.Join('\n', lines), headers: $"Idempotency-Key: {stream}-{round}")).Status == 200,
            Patience,
            $"{stream} takes events");
        return sent;
    }

    private async Task HasAsync(string stream, IEnumerable<string> expected)
    {
        var wanted = expected.Order(StringComparer.Ordinal).ToList();
        List<string> found = [];
        await Eventually.IsTrueAsync(
            async () =>
            {
                found = [.. (await service.EventsAsync(stream)).Select(static e => Text(e["value"]!))
                    .Order(StringComparer.Ordinal)];
                return found.Count >= wanted.Count;
            },
            Patience,
            $"all of {stream} is there");
        Assert.Equal(wanted, found);
    }

    private static string Text(JsonNode row) => $"{row["o"]} {row["p"]}";

    private sealed record Sent(string Id, int N, int Second);
}
