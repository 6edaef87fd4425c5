namespace Pipeline.TestKit.HttpContract;

/// <summary>GET of events.</summary>
public abstract class GetEventsContract(HttpService service)
{
    [Fact]
    public async Task From_and_max_cut_out_what_was_asked_for()
    {
        var lines = Enumerable.Range(0, 10).Select(i => $"{{\"n\":{i}}}");
        var posted = await service.PostAsync("one", string.Join('\n', lines));
        var first = (long)posted.Json["positions"]![0]!["first"]!;

        var read = await service.EventsAsync("one", $"partition=0&from={first + 3}&max=4");

        Assert.Equal([3, 4, 5, 6], read.Select(e => (int)e["value"]!["n"]!));
        Assert.Equal(first + 3, (long)read[0]["offset"]!);
        var later = (string)read[0]["time"]!;
        var byTime = await service.EventsAsync("one", $"from={later}&max=1");
        Assert.Equal(later, (string?)byTime[0]["time"]);
        Assert.Empty(await service.EventsAsync("one", "from=latest"));
        Assert.Empty(await service.EventsAsync("one", $"from={DateTime.UtcNow.AddDays(1):O}"));
    }

    [Theory]
    [InlineData("from=5")]
    [InlineData("from=yesterday")]
    [InlineData("partition=4")]
    [InlineData("partition=-1")]
    [InlineData("partition=x")]
    [InlineData("max=0")]
    [InlineData("max=100001")]
    public async Task A_query_that_makes_no_sense_is_malformed(string query)
    {
        var reply = await service.GetAsync($"v1/streams/plain/events?{query}");

        Assert.Equal((400, "malformed"), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task An_unknown_stream_is_not_found()
    {
        var reply = await service.GetAsync("v1/streams/nowhere/events");

        Assert.Equal((404, "stream-not-found"), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task At_the_end_there_is_nothing_and_beyond_it_the_answer_says_where_the_end_is()
    {
        await service.PostAsync("one", "{\"n\":0}");
        var end = (long)(await service.GetAsync("v1/streams/one")).Json["partitions"]![0]!["next"]!;

        Assert.Empty(await service.EventsAsync("small", "partition=0&from=0"));
        foreach (var from in (long[])[end + 1_000_000, int.MaxValue, long.MaxValue])
        {
            var reply = await service.GetAsync($"v1/streams/one/events?partition=0&from={from}");

            Assert.Equal((416, "offset-beyond-end"), (reply.Status, reply.Problem));
            Assert.Equal(0, (long?)reply.Json["first"]);
            Assert.InRange((long)reply.Json["next"]!, end, from - 1);
        }
    }

    [Theory]
    [InlineData("text/event-stream;q=0, application/x-ndjson", "application/x-ndjson")]
    [InlineData("text/event-stream;q=0", "application/x-ndjson")]
    [InlineData("text/event-stream; q=0.000", "application/x-ndjson")]
    [InlineData("text/event-stream;q=0.5, application/x-ndjson", "application/x-ndjson")]
    [InlineData("text/event-stream-of-mine", "application/x-ndjson")]
    [InlineData("application/json;note=\"text/event-stream\"", "application/x-ndjson")]
    [InlineData("*/*", "application/x-ndjson")]
    [InlineData("Text/Event-Stream", "text/event-stream")]
    [InlineData("application/x-ndjson;q=0.1, text/event-stream", "text/event-stream")]
    [InlineData("text/event-stream, */*;q=0.1", "text/event-stream")]
    public async Task What_is_accepted_says_how_events_come(string accept, string mediaType)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/streams/plain/events?max=1");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await service.OpenAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);

        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
    }
}
