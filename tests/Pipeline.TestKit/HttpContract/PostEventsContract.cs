using System.IO.Compression;
using System.Text;

namespace Pipeline.TestKit.HttpContract;

/// <summary>POST of events: what is taken, and what is refused with which problem.</summary>
public abstract class PostEventsContract(HttpService service)
{
    [Fact]
    public async Task Events_are_acknowledged_with_their_positions_and_read_back()
    {
        var body = string.Join('\n', Enumerable.Range(0, 1000).Select(i => $"{{\"k\":\"post-{i % 10}\",\"n\":{i}}}"));

        var reply = await service.PostAsync("keyed", body);

        Assert.True(reply.Status == 200, reply.ToString());
        Assert.Equal((1000, 0), (reply.Accepted, reply.Duplicates));
        Assert.Equal(1000, reply.Json["positions"]!.AsArray().Sum(p => (int)p!["count"]!));
        var read = (await service.EventsAsync("keyed"))
            .Where(e => ((string?)e["key"])!.StartsWith("post-", StringComparison.Ordinal)).ToList();
        Assert.Equal(1000, read.Count);
        foreach (var key in read.GroupBy(e => (string)e["key"]!))
        {
            Assert.Single(key.Select(e => (int)e["partition"]!).Distinct());
            var numbers = key.Select(e => (int)e["value"]!["n"]!).ToList();
            Assert.Equal(numbers.Order(), numbers);
        }
    }

    [Fact]
    public async Task Values_come_back_byte_for_byte()
    {
        const string Value = """{ "big":123456789012345678901234567890.10, "t":"\u00e9é\/" , "e":1e999 }""";

        var posted = await service.PostAsync("plain", Value, "application/json", "Event-Key: bytes");
        Assert.Equal(200, posted.Status);
        var run = posted.Json["positions"]![0]!;

        var reply = await service.GetAsync(
            $"v1/streams/plain/events?partition={run["partition"]}&from={run["first"]}&max=1");
        Assert.Contains("\"value\":" + Value, reply.Body, StringComparison.Ordinal);
        Assert.Contains("\"key\":\"bytes\"", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"n\":1},{\"n\":2}]", "application/json", 2)]
    [InlineData("{\"n\":1}", "application/json; charset=utf-8", 1)]
    [InlineData("{\"n\":1}\n\n{\"n\":2}\r\n", "application/x-ndjson", 2)]
    public async Task All_ways_to_write_events_are_taken(string body, string contentType, int count)
    {
        var reply = await service.PostAsync("plain", body, contentType);

        Assert.Equal((200, count), (reply.Status, reply.Accepted));
    }

    [Fact]
    public async Task A_mistake_on_line_7_of_1000_is_named_and_nothing_is_appended()
    {
        var lines = Enumerable.Range(1, 1000).Select(i => i == 7 ? "{\"k\":\"bad\",}" : "{\"k\":\"bad\"}");

        var reply = await service.PostAsync("keyed", string.Join('\n', lines));

        Assert.Equal((400, "malformed"), (reply.Status, reply.Problem));
        Assert.Equal(7, (int)reply.Json["errors"]![0]!["line"]!);
        Assert.NotEmpty((string)reply.Json["errors"]![0]!["reason"]!);
        Assert.DoesNotContain(await service.EventsAsync("keyed"), e => (string?)e["key"] == "bad");
    }

    [Fact]
    public async Task An_event_without_its_key_is_named_by_its_line()
    {
        var reply = await service.PostAsync("keyed", "{\"k\":\"keyless\"}\n{\"n\":1}");

        Assert.Equal((422, "missing-key"), Of(reply));
        Assert.Equal(2, (int)reply.Json["errors"]![0]!["line"]!);
        Assert.DoesNotContain(await service.EventsAsync("keyed"), e => (string?)e["key"] == "keyless");
    }

    [Theory]
    [InlineData("keyed", "{\"k\":1}\n{}", "application/x-ndjson", 422, "missing-key")]
    [InlineData("plain", "{\"a\":", "application/json", 400, "malformed")]
    [InlineData("plain", "", "application/x-ndjson", 400, "malformed")]
    [InlineData("plain", "x", "text/plain", 415, "unsupported-media-type")]
    [InlineData("plain", "x", "", 415, "unsupported-media-type")]
    [InlineData("nowhere", "1", "application/json", 404, "stream-not-found")]
    [InlineData("tests.odd", "1", "application/json", 409, "not-an-ingest-stream")]
    [InlineData("plain", "{}", "application/cloudevents+json", 400, "malformed")]
    public async Task A_refusal_is_a_problem(string stream, string body, string contentType, int status, string problem)
    {
        var reply = await service.PostAsync(stream, body, contentType);

        Assert.Equal((status, problem), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task Invalid_UTF_8_is_malformed()
    {
        var reply = await service.PostAsync("plain", [.. "\""u8, 0xFF, .. "\""u8], "application/x-ndjson");

        Assert.Equal((400, "malformed"), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task What_is_nested_too_deeply_is_malformed()
    {
        var reply = await service.PostAsync("plain", new string('[', 65) + new string(']', 65));

        Assert.Equal((400, "malformed"), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task An_event_or_a_request_over_its_limit_is_too_large()
    {
        var large = $"\"{new string('x', 99)}\"";
        Assert.Equal((413, "too-large"), Of(await service.PostAsync("small", large)));
        var many = string.Join('\n', Enumerable.Repeat("\"0123456789\"", 100));
        Assert.Equal((413, "too-large"), Of(await service.PostAsync("small", many)));
        var huge = $"\"{new string('x', 1 << 20)}\"";
        Assert.Equal((413, "too-large"), Of(await service.PostAsync("plain", huge)));
        Assert.Empty(await service.EventsAsync("small"));
    }

    [Fact]
    public async Task The_largest_request_is_taken()
    {
        var line = $"\"{new string('x', 999)}\"\n";
        var body = string.Concat(Enumerable.Repeat(line, (32 << 20) / line.Length));

        var reply = await service.PostAsync("plain", body);

        Assert.True(reply.Status == 200, reply.ToString());
    }

    [Fact]
    public async Task A_gzip_body_is_taken_and_a_truncated_one_is_malformed()
    {
        var whole = Zip("{\"n\":1}\n{\"n\":2}\n");
        var taken = await service.PostAsync("plain", whole, "application/x-ndjson", "Content-Encoding: gzip");
        Assert.Equal((200, 2), (taken.Status, taken.Accepted));
        var cut = await service.PostAsync("plain", whole[..^5], "application/x-ndjson", "Content-Encoding: gzip");
        Assert.Equal((400, "malformed"), Of(cut));
        var unknown = await service.PostAsync("plain", whole, "application/x-ndjson", "Content-Encoding: zstd");
        Assert.Equal((415, "unsupported-media-type"), Of(unknown));
    }

    [Fact]
    public async Task A_gzip_bomb_is_too_large()
    {
        var bomb = Zip(new string('\n', 200 << 20));

        var reply = await service.PostAsync("plain", bomb, "application/x-ndjson", "Content-Encoding: gzip");

        Assert.Equal((413, "too-large"), Of(reply));
    }

    [Theory]
    [InlineData("{\"k\":1}", 200)]
    [InlineData("{\"k\":1}\n{\"k\":2}\n{\"k\":3}\n{\"k\":4}\n{\"k\":5}\n{\"k\":6}", 501)]
    public async Task Atomic_is_built_for_one_partition_only(string body, int status)
    {
        var content = new StringContent(body, Encoding.UTF8, "application/x-ndjson");

        var reply = await service.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "v1/streams/keyed/events?atomic=true") { Content = content });

        Assert.Equal(status, reply.Status);
    }

    private static (int Status, string Problem) Of(Reply reply) => (reply.Status, reply.Problem);

    private static byte[] Zip(string text)
    {
        var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return to.ToArray();
    }
}
