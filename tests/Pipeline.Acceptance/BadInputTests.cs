using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Acceptance.Hosts;
using Pipeline.Acceptance.Loads;
using Pipeline.TestKit.Clients;

namespace Pipeline.Acceptance;

/// <summary>What a broken client sends to the real process: a precise problem, and nothing appended.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task Bad_requests_get_their_problem_and_append_nothing()
    {
        using var site = new Site();
        site.Define("plain", Definitions.Stream);
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);

        var lines = Enumerable.Range(0, 1_000).Select(i => $$"""{"key":"k","seq":{{i}}}""").ToArray();
        lines[6] = "{\"key\":";
        var malformed = await client.PostAsync("readings", Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        Assert.Equal((400, "malformed"), (malformed.Status, malformed.Problem));
        Assert.Equal(7, (int)malformed.Json["errors"]![0]!["line"]!);

        var keyless = await client.PostAsync("readings", "{\"key\":\"k\"}\n{\"seq\":1}"u8.ToArray());
        Assert.Equal((422, "missing-key"), (keyless.Status, keyless.Problem));
        Assert.Equal(2, (int)keyless.Json["errors"]![0]!["line"]!);

        var invalid = await client.PostAsync("readings", [.. "{\"key\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        Assert.Equal((400, "malformed"), (invalid.Status, invalid.Problem));

        var large = Encoding.UTF8.GetBytes($$"""{"key":"k","padding":"{{new string('x', 2 << 20)}}"}""");
        Assert.Equal((413, "too-large"), await ProblemAsync(client.PostAsync("readings", large)));
        Assert.Equal((404, "stream-not-found"), await ProblemAsync(client.PostAsync("nowhere", "{}"u8.ToArray())));
        Assert.Equal(0, await client.CountAsync("readings"));
    }

    [Fact]
    public async Task A_truncated_and_an_endless_gzip_body_are_refused()
    {
        using var site = new Site();
        site.Define("plain", Definitions.Stream);
        await using var host = await site.StartAsync();
        using var http = new HttpClient { BaseAddress = site.Address };
        var whole = Zip(Encoding.UTF8.GetBytes("{\"key\":\"k\"}"));
        Assert.Equal(400, await PostZippedAsync(http, whole[..^6]));
        var bomb = Zip(Encoding.UTF8.GetBytes(new string('\n', 200 << 20)));
        Assert.Equal(413, await PostZippedAsync(http, bomb));
        Assert.Equal(200, await PostZippedAsync(http, whole));
        using var client = new ServiceClient(site.Address);
        Assert.Equal(1, await client.CountAsync("readings"));
    }

    [Fact]
    public async Task A_reused_key_with_another_body_is_refused_and_a_repeat_is_answered_the_same()
    {
        using var site = new Site();
        site.Define("plain", Definitions.Stream);
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        var first = await client.PostAsync("readings", "{\"key\":\"k\",\"big\":9007199254740993}"u8.ToArray(), "a");
        Assert.True(first.IsOk, first.ToString());
        var repeat = await client.PostAsync("readings", "{\"key\":\"k\",\"big\":9007199254740993}"u8.ToArray(), "a");
        Assert.Equal((0, 1), ((int)repeat.Json["accepted"]!, (int)repeat.Json["duplicates"]!));
        Assert.True(JsonNode.DeepEquals(first.Json["positions"], repeat.Json["positions"]));
        var other = await client.PostAsync("readings", "{\"key\":\"k\",\"big\":1}"u8.ToArray(), "a");
        Assert.Equal((422, "key-reused"), (other.Status, other.Problem));
        var stored = Assert.Single(await client.ReadAllAsync("readings"));
        Assert.Equal("9007199254740993", stored.Value["big"]!.ToJsonString());
    }

    private static async Task<(int Status, string? Problem)> ProblemAsync(Task<Answer> asking)
    {
        var answer = await asking;
        return (answer.Status, answer.Problem);
    }

    private static async Task<int> PostZippedAsync(HttpClient http, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        content.Headers.ContentEncoding.Add("gzip");
        using var answer = await http.PostAsync(new Uri("v1/streams/readings/events", UriKind.Relative), content);
        return (int)answer.StatusCode;
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return zipped.ToArray();
    }
}
