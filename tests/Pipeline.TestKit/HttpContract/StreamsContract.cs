using System.Text;

namespace Pipeline.TestKit.HttpContract;

/// <summary>GET of streams, and POST of watermarks.</summary>
public abstract class StreamsContract(HttpService service)
{
    [Fact]
    public async Task Streams_are_listed_with_their_partitions()
    {
        var reply = await service.GetAsync("v1/streams");

        Assert.Equal(200, reply.Status);
        var keyed = reply.Json.AsArray().Single(s => (string?)s!["name"] == "keyed")!;
        Assert.Equal(4, keyed["partitions"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_stream_tells_where_its_partitions_begin_and_end()
    {
        var posted = await service.PostAsync("one", "{\"n\":0}");
        var end = (long)posted.Json["positions"]![0]!["first"]! + 1;

        var partition = (await service.GetAsync("v1/streams/one")).Json["partitions"]![0]!;

        Assert.Equal(0, (int)partition["partition"]!);
        Assert.Equal(0, (long)partition["first"]!);
        Assert.InRange((long)partition["committed"]!, end, long.MaxValue);
        Assert.InRange((long)partition["next"]!, end, long.MaxValue);
        Assert.True(DateTime.TryParse((string?)partition["newest"], out _));
    }

    [Fact]
    public async Task A_watermark_is_taken_for_every_partition()
    {
        var reply = await WatermarkAsync("one", "{\"time\":\"2026-01-01T00:00:00Z\"}");

        Assert.True(reply.Status == 200, reply.ToString());
        Assert.Equal("2026-01-01T00:00:00.0000000Z", (string?)reply.Json["time"]);
    }

    [Theory]
    [InlineData("one", "{}", 400, "malformed")]
    [InlineData("one", "{\"time\":5}", 400, "malformed")]
    [InlineData("one", "{\"time\":\"soon\"}", 400, "malformed")]
    [InlineData("one", "{", 400, "malformed")]
    [InlineData("nowhere", "{\"time\":\"2026-01-01T00:00:00Z\"}", 404, "stream-not-found")]
    [InlineData("tests.odd", "{\"time\":\"2026-01-01T00:00:00Z\"}", 409, "conflict")]
    public async Task A_watermark_that_makes_no_sense_is_a_problem(
        string stream, string body, int status, string problem)
    {
        var reply = await WatermarkAsync(stream, body);

        Assert.Equal((status, problem), (reply.Status, reply.Problem));
    }

    private Task<Reply> WatermarkAsync(string stream, string body) => service.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, $"v1/streams/{stream}/watermark")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        });
}
