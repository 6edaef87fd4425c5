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
    public async Task Behind_the_end_there_is_nothing() =>
        Assert.Empty(await service.EventsAsync("plain", "partition=0&from=999999999"));
}
