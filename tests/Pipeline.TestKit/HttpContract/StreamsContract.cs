using System.Globalization;
using System.Text;
using Pipeline.TestKit.Wire;

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
    [InlineData("one", "", 400, "malformed")]
    [InlineData("one", "[]", 400, "malformed")]
    [InlineData("one", "{\"end\":false}", 400, "malformed")]
    [InlineData("one", "{\"end\":1}", 400, "malformed")]
    [InlineData("one", "{\"end\":true,\"time\":\"2026-01-01T00:00:00Z\"}", 400, "malformed")]
    [InlineData("one", "{\"time\":\"9999-12-31T23:59:59Z\"}", 422, "too-far-ahead")]
    [InlineData("one", "{\"time\":\"2999-01-01T00:00:00Z\"}", 422, "too-far-ahead")]
    [InlineData("nowhere", "{\"time\":\"2026-01-01T00:00:00Z\"}", 404, "stream-not-found")]
    [InlineData("tests.odd", "{\"time\":\"2026-01-01T00:00:00Z\"}", 409, "conflict")]
    public async Task A_watermark_that_makes_no_sense_is_a_problem(
        string stream, string body, int status, string problem)
    {
        var reply = await WatermarkAsync(stream, body);

        Assert.Equal((status, problem), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task A_watermark_runs_ahead_of_the_clock_by_no_more_than_an_event_may()
    {
        static string In(double minutes) =>
            DateTime.UtcNow.AddMinutes(minutes).ToString("O", CultureInfo.InvariantCulture);

        Assert.Equal(200, (await WatermarkAsync("near", $$"""{"time":"{{In(4)}}"}""")).Status);
        var far = await WatermarkAsync("near", $$"""{"time":"{{In(6)}}"}""");

        Assert.Equal((422, "too-far-ahead"), (far.Status, far.Problem));
        Assert.Contains("\"end\":true", (string?)far.Json["detail"], StringComparison.Ordinal);
        Assert.Equal(200, (await WatermarkAsync("far", $$"""{"time":"{{In(60)}}"}""")).Status);
        Assert.Equal(422, (await WatermarkAsync("far", $$"""{"time":"{{In(180)}}"}""")).Status);
    }

    [Fact]
    public async Task The_end_of_an_input_is_said_in_every_partition()
    {
        var reply = await WatermarkAsync("ended", "{\"end\":true}");

        Assert.True(reply.Status == 200, reply.ToString());
        Assert.Equal((true, 2), ((bool)reply.Json["end"]!, (int)reply.Json["partitions"]!));
        Assert.Equal(200, (await WatermarkAsync("ended", "{\"end\":true}")).Status);
    }

    [Theory]
    [InlineData("Application/JSON", 200)]
    [InlineData("application/json ; charset=UTF-8", 200)]
    [InlineData("application/json; charset=latin1", 415)]
    [InlineData("application/json-seq", 415)]
    [InlineData("application/jsonp", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("json", 415)]
    [InlineData("", 415)]
    public async Task A_watermark_is_JSON_by_name(string contentType, int status)
    {
        var reply = await WatermarkAsync("one", "{\"time\":\"2026-01-01T00:00:00Z\"}", contentType);

        Assert.Equal(status, reply.Status);
    }

    [Fact]
    public async Task A_watermark_of_more_than_4_KiB_is_refused_before_it_is_read()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var large = await WatermarkAsync("one", new string(' ', 4097) + "{\"end\":true}");
        Assert.Equal((413, "too-large"), (large.Status, large.Problem));
        foreach (var address in service.Addresses)
        {
            using var connection = await RawConnection.OpenAsync(address, limit.Token);
            await connection.TrySendAsync(
                "POST /v1/streams/one/watermark HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n",
                limit.Token);
            var chunk = $"10000\r\n{new string(' ', 0x10000)}\r\n";
            var sent = 0;
            while (sent < 1024 && await connection.TrySendAsync(chunk, limit.Token))
            {
                sent++;
            }

            var reply = await connection.ReadAsync(limit.Token);
            Assert.True(sent < 1024 || reply.Status == 413, $"{sent} chunks were taken: {reply}");
            Assert.Contains(reply.Status, new[] { 0, 413 });
        }
    }

    private Task<Reply> WatermarkAsync(string stream, string body, string contentType = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (contentType.Length > 0)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return service.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, $"v1/streams/{stream}/watermark") { Content = content });
    }
}
