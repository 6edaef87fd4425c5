namespace Pipeline.TestKit.HttpContract;

/// <summary>The handles of requests: a repeat is answered as the first, and appends nothing.</summary>
public abstract class DeduplicationContract(HttpService service)
{
    private const string Ndjson = "application/x-ndjson";

    private static string Body(string key, int count) =>
        string.Join('\n', Enumerable.Range(0, count).Select(i => $"{{\"k\":\"{key}-{i}\",\"n\":{i}}}"));

    [Theory]
    [InlineData("keyed")]
    [InlineData("plain")]
    [InlineData("spread")]
    public async Task A_repeat_under_an_idempotency_key_gives_the_same_positions(string stream)
    {
        var body = Body("idem", 100);
        var first = await service.PostAsync(stream, body, Ndjson, $"Idempotency-Key: \"a-{stream}\"");
        var second = await service.PostAsync(stream, body, Ndjson, $"Idempotency-Key: a-{stream}");

        Assert.Equal((200, 100, 0), (first.Status, first.Accepted, first.Duplicates));
        Assert.Equal((200, 0, 100), (second.Status, second.Accepted, second.Duplicates));
        Assert.Equal(first.Positions, second.Positions);
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_refused()
    {
        Assert.Equal(200, (await service.PostAsync("keyed", Body("x", 5), Ndjson, "Idempotency-Key: reuse")).Status);
        var other = await service.PostAsync("keyed", Body("y", 5), Ndjson, "Idempotency-Key: reuse");

        Assert.Equal((422, "key-reused"), (other.Status, other.Problem));
        Assert.DoesNotContain(await service.EventsAsync("keyed"), e => (string?)e["key"] == "y-0");
    }

    [Fact]
    public async Task A_producer_counts_from_0_without_gaps()
    {
        Task<Reply> SendAsync(int number, string body) => service.PostAsync(
            "keyed", body, Ndjson, "Producer-Id: truck", $"Producer-Sequence: {number}");

        var first = await SendAsync(0, Body("p0", 20));
        Assert.True(first.Status == 200, first.ToString());
        Assert.Equal(20, (await SendAsync(1, Body("p1", 20))).Accepted);
        var repeat = await SendAsync(1, Body("p1", 20));
        Assert.Equal((0, 20), (repeat.Accepted, repeat.Duplicates));
        var older = await SendAsync(0, Body("p0", 20));
        Assert.Equal((0, 20, first.Positions), (older.Accepted, older.Duplicates, older.Positions));
        var gap = await SendAsync(3, Body("p3", 20));
        Assert.Equal((409, "producer-gap", 2), (gap.Status, gap.Problem, (int?)gap.Json["expected"]));
        var reused = await SendAsync(1, Body("other", 20));
        Assert.Equal((422, "key-reused"), (reused.Status, reused.Problem));
        Assert.Equal(20, (await SendAsync(2, Body("p2", 20))).Accepted);
    }

    [Fact]
    public async Task A_producer_that_does_not_begin_with_0_has_a_gap()
    {
        var gap = await service.PostAsync("plain", "1", Ndjson, "Producer-Id: late", "Producer-Sequence: 5");

        Assert.Equal((409, "producer-gap", 0), (gap.Status, gap.Problem, (int?)gap.Json["expected"]));
    }

    [Fact]
    public async Task A_number_older_than_the_window_is_forgotten()
    {
        for (var i = 0; i < 40; i++)
        {
            var sent = await service.PostAsync(
                "window", $"{i}", Ndjson, "Producer-Id: old", $"Producer-Sequence: {i}");
            Assert.True(sent.Status == 200, sent.ToString());
        }

        var old = await service.PostAsync("window", "0", Ndjson, "Producer-Id: old", "Producer-Sequence: 0");

        Assert.Equal((409, "producer-forgotten"), (old.Status, old.Problem));
    }

    /// <summary>Some of these producers have their home where their events lie, some elsewhere.</summary>
    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    [InlineData("c")]
    [InlineData("d")]
    public async Task A_producer_pushed_out_of_the_window_by_others_is_not_written_twice(string producer)
    {
        Task<Reply> SendAsync(int number) => service.PostAsync(
            "few", $"{{\"k\":\"{producer}\",\"n\":{number}}}", Ndjson,
            $"Producer-Id: {producer}", $"Producer-Sequence: {number}");

        for (var number = 0; number < 3; number++)
        {
            Assert.Equal(1, (await SendAsync(number)).Accepted);
        }

        for (var i = 0; i < 100; i++)
        {
            var other = await service.PostAsync(
                "few", $"{{\"k\":\"{producer}\"}}", Ndjson, $"Idempotency-Key: {producer}-{i}");
            Assert.True(other.Status == 200, other.ToString());
        }

        foreach (var number in new[] { 1, 0, 2 })
        {
            var old = await SendAsync(number);
            Assert.Equal((409, "producer-forgotten"), (old.Status, old.Problem));
        }

        var gap = await SendAsync(4);
        Assert.Equal((409, "producer-gap", 3), (gap.Status, gap.Problem, (int?)gap.Json["expected"]));
        Assert.Equal(1, (await SendAsync(3)).Accepted);
        var numbers = (await service.EventsAsync("few"))
            .Where(e => (string?)e["key"] == producer && e["value"]!["n"] is not null)
            .Select(e => (int)e["value"]!["n"]!);
        Assert.Equal([0, 1, 2, 3], numbers);
    }

    [Theory]
    [InlineData("Idempotency-Key: a", "Producer-Id: b")]
    [InlineData("Producer-Id: b", "X-Nothing: 1")]
    [InlineData("Producer-Id: b", "Producer-Sequence: -1")]
    [InlineData("Idempotency-Key: \"\"", "X-Nothing: 1")]
    public async Task Handles_that_make_no_sense_are_malformed(string first, string second)
    {
        var reply = await service.PostAsync("plain", "1", Ndjson, first, second);

        Assert.Equal((400, "malformed"), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task The_same_request_at_the_same_time_is_written_once()
    {
        var body = Body("race", 200);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            service.PostAsync("keyed", body, Ndjson, "Idempotency-Key: race")));

        Assert.All(replies.Where(r => r.Status != 200), r =>
        {
            Assert.Equal((409, "request-in-progress"), (r.Status, r.Problem));
            Assert.NotNull(r.Headers.RetryAfter);
        });
        Assert.Equal(200, replies.Where(r => r.Status == 200).Sum(r => r.Accepted));
        Assert.Equal(200, (await service.EventsAsync("keyed"))
            .Count(e => ((string?)e["key"])!.StartsWith("race-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Handles_of_two_streams_are_apart()
    {
        Assert.Equal(1, (await service.PostAsync("plain", "1", Ndjson, "Idempotency-Key: apart")).Accepted);
        Assert.Equal(1, (await service.PostAsync("spread", "2", Ndjson, "Idempotency-Key: apart")).Accepted);
    }
}
