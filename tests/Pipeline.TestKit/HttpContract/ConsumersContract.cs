using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.HttpContract;

/// <summary>Named consumers: what one was told, all hosts know, and retention keeps what it has not done.</summary>
public abstract class ConsumersContract(HttpService service)
{
    private const string Stream = "consumed";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task It_reads_on_where_it_committed_and_only_there()
    {
        var name = await MakeAsync(Stream, "latest");
        Assert.Empty(await ReadAsync(name));
        await PostAsync(["a", "b", "c", "a"]);
        var read = await ReadAsync(name);
        Assert.Equal(4, read.Count);
        Assert.Equal(4, (await ReadAsync(name)).Count);
        Assert.Equal(4, (int)(await GetAsync(name))["lagEvents"]!);

        var first = (int)read[0]["partition"]!;
        var one = await CommitAsync(name, (first, (long)read[0]["offset"]! + 1));
        Assert.Equal((200, 3), (one.Status, (int)one.Json["lagEvents"]!));
        Assert.Equal(read.Skip(1).Select(Place).Order(), (await ReadAsync(name)).Select(Place).Order());
        var all = await CommitAsync(name, [.. read.GroupBy(static e => (int)e["partition"]!)
            .Select(static group => (group.Key, group.Max(static e => (long)e["offset"]!) + 1))]);
        Assert.Equal(0, (int)all.Json["lagEvents"]!);
        Assert.NotNull(all.Json["committed"]);
        Assert.Empty(await ReadAsync(name));
    }

    [Fact]
    public async Task It_never_goes_back_unless_that_is_asked_for_and_then_all_of_it_or_nothing()
    {
        var name = await MakeAsync(Stream, "latest");
        await PostAsync(["a", "b", "c", "d"]);
        var end = Offsets(await GetAsync(name), "end");
        Assert.Equal(200, (await CommitAsync(name, (0, end[0]), (1, end[1]))).Status);
        var start = end[0] > 0 ? 0 : 1;

        var back = await CommitAsync(name, (start, end[start] - 1), (1 - start, end[1 - start]));
        Assert.Equal((409, "offset-backwards"), (back.Status, back.Problem));
        Assert.Contains(
            $"partition {start} it is at {end[start]}", (string)back.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal(end, Offsets(await GetAsync(name), "offset"));
        Assert.Equal(200, (await CommitAsync(name, (start, end[start]))).Status);

        var reset = await CommitAsync(name + "/commit?reset=true", (start, end[start] - 1));
        Assert.Equal((200, 1), (reset.Status, (int)reset.Json["lagEvents"]!));
        Assert.Single(await ReadAsync(name));
    }

    [Fact]
    public async Task Many_may_commit_at_once_and_the_furthest_stays()
    {
        var name = await MakeAsync(Stream, "earliest");
        await PostAsync([.. Enumerable.Range(0, 20).Select(static i => $"{i}")]);
        var end = Offsets(await GetAsync(name), "end");
        var replies = await Task.WhenAll(Enumerable.Range(0, (int)end[0] + 1).TakeLast(8)
            .Select(offset => CommitAsync(name, (0, offset))));

        Assert.All(replies, static reply => Assert.True(reply.Status is 200 or 409, reply.ToString()));
        Assert.Equal(end[0], Offsets(await GetAsync(name), "offset")[0]);
    }

    [Fact]
    public async Task It_waits_for_events_as_long_as_it_is_asked_to()
    {
        var name = await MakeAsync(Stream, "latest");
        var watch = Stopwatch.StartNew();
        Assert.Empty(await ReadAsync(name, "&wait=2s"));
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.5, 30);

        watch.Restart();
        var waiting = ReadAsync(name, "&wait=40s");
        await Task.Delay(500);
        Assert.False(waiting.IsCompleted);
        await PostAsync(["w"]);
        Assert.Single(await waiting);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public async Task It_is_made_once_listed_and_deleted()
    {
        var name = $"c.{Guid.NewGuid():N}";
        Assert.Equal("True latest", await PutAsync(name, "latest"));
        Assert.Equal("False latest", await PutAsync(name, "earliest"));
        var listed = (await service.GetAsync($"v1/streams/{Stream}/consumers")).Json.AsArray();
        Assert.Contains(listed, one => (string?)one!["name"] == name);

        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, name)).Status);
        foreach (var reply in new[]
        {
            await SendAsync(HttpMethod.Delete, name), await SendAsync(HttpMethod.Get, name),
            await CommitAsync(name, (0, 0)), await CommitAsync(name, (0, 1L << 40)),
            await service.GetAsync($"v1/streams/{Stream}/events?consumer={name}"),
        })
        {
            Assert.Equal((404, "consumer-not-found"), (reply.Status, reply.Problem));
        }

        Assert.Equal("True earliest", await PutAsync(name, "earliest"));
    }

    [Theory]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901")]
    public async Task A_name_that_may_not_be_is_refused(string name)
    {
        var reply = await SendAsync(HttpMethod.Put, Uri.EscapeDataString(name));
        Assert.Equal((400, "malformed"), (reply.Status, reply.Problem));
    }

    [Theory]
    [InlineData("{}", 400, "malformed")]
    [InlineData("[]", 400, "malformed")]
    [InlineData("{\"offsets\":{}}", 400, "malformed")]
    [InlineData("{\"offsets\":{\"2\":0}}", 400, "malformed")]
    [InlineData("{\"offsets\":{\"x\":0}}", 400, "malformed")]
    [InlineData("{\"offsets\":{\"0\":-1}}", 400, "malformed")]
    [InlineData("{\"offsets\":{\"0\":1.5}}", 400, "malformed")]
    [InlineData("{\"offsets\":{\"0\":\"1\"}}", 400, "malformed")]
    [InlineData("{\"offsets\":{\"0\":0,\"0\":1}}", 400, "malformed")]
    [InlineData("nothing", 400, "malformed")]
    [InlineData("{\"offsets\":{\"0\":1000000000}}", 416, "offset-beyond-end")]
    public async Task A_commit_that_makes_no_sense_is_refused(string body, int status, string problem)
    {
        var name = await MakeAsync(Stream, "earliest");
        var reply = await SendAsync(HttpMethod.Post, $"{name}/commit", body);
        Assert.Equal((status, problem), (reply.Status, reply.Problem));
        Assert.Equal(415, (await SendAsync(HttpMethod.Post, $"{name}/commit", body, "text/plain")).Status);
        Assert.Null((await GetAsync(name))["committed"]);
    }

    [Theory]
    [InlineData("wait=1s")]
    [InlineData("consumer={0}&wait=61s")]
    [InlineData("consumer={0}&wait=5")]
    [InlineData("consumer={0}&wait=s")]
    [InlineData("consumer={0}&wait=-1s")]
    [InlineData("consumer={0}&from=earliest")]
    [InlineData("consumer={0}&key=a")]
    public async Task A_read_that_makes_no_sense_is_malformed(string query)
    {
        var name = await MakeAsync(Stream, "earliest");
        var path = $"v1/streams/{Stream}/events?{query.Replace("{0}", name, StringComparison.Ordinal)}";
        var reply = await service.GetAsync(path);
        Assert.Equal((400, "malformed"), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task Of_one_key_all_events_are_read_in_order_and_no_others()
    {
        var (key, other) = ($"k{Guid.NewGuid():N}", $"k{Guid.NewGuid():N}");
        await PostAsync([key, other, key, other, other, key]);
        var read = await service.EventsAsync(Stream, $"key={key}");
        Assert.Equal([key, key, key], read.Select(static e => (string)e["key"]!));
        Assert.Equal(read.Select(static e => (long)e["offset"]!).Order(), read.Select(static e => (long)e["offset"]!));
        Assert.Equal(2, (await service.EventsAsync(Stream, $"key={key}&max=2")).Count);
        Assert.Empty(await service.EventsAsync(Stream, $"key={key}x"));
    }

    [Fact]
    public async Task Retention_keeps_what_a_consumer_has_not_done_and_lets_go_of_it_afterwards()
    {
        var name = await MakeAsync("waited", "earliest");
        var late = await MakeAsync("missed", "earliest");
        foreach (var stream in new[] { "waited", "freed", "missed" })
        {
            Assert.Equal(200, (await service.PostAsync(stream, string.Join('\n', Enumerable.Range(0, 10)))).Status);
        }

        // Of two streams alike the one that nobody waits for is let go of, and the other would have been with it.
        await BeginsAtTenAsync("freed");
        await Task.Delay(TimeSpan.FromSeconds(2));
        var read = await ReadAsync(name, "", "waited");
        Assert.Equal(Enumerable.Range(0, 10), read.Select(static e => (int)e["value"]!));

        Assert.Equal(200, (await CommitAsync(name, "waited", (0, 10))).Status);
        await BeginsAtTenAsync("waited");
        var gone = await CommitAsync(name + "/commit?reset=true", "waited", (0, 3));
        Assert.Equal((410, "offset-gone", 10), (gone.Status, gone.Problem, (int)gone.Json["first"]!));
        await GoesOnAfterALossAsync(late);
    }

    /// <summary>Hard retention waits for nobody: how much was lost is said, and where to go on.</summary>
    private async Task GoesOnAfterALossAsync(string name)
    {
        await BeginsAtTenAsync("missed");
        var shown = (await SendAsync(HttpMethod.Get, name, stream: "missed")).Json;
        Assert.Equal(10, (int)shown["partitions"]![0]!["lost"]!);
        var read = await service.GetAsync($"v1/streams/missed/events?consumer={name}");
        Assert.Equal((410, "offset-gone", 10), (read.Status, read.Problem, (int)read.Json["first"]!));
        Assert.Contains("a commit of that offset", (string)read.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal(200, (await CommitAsync(name, "missed", (0, 10))).Status);
        Assert.Empty(await ReadAsync(name, "", "missed"));
    }

    [Fact]
    public async Task An_output_that_it_reads_stays_a_stream_and_is_not_dropped()
    {
        const string One = """
            name: eaten
            streams: { food: { partitions: 2, key: k } }
            stages:
              plain: { query: SELECT k FROM food }

            """;
        var put = await service.PutAsync("eaten", One);
        Assert.True(put.IsApplied, put.ToString());
        var name = await MakeAsync("eaten.plain", "earliest");

        // Without the consumer the output would be no stream any more.
        put = await service.PutAsync("eaten", $"{One}  again: {{ from: plain, query: SELECT k FROM plain }}\n");
        Assert.True(put.IsApplied, put.ToString());
        Assert.Equal(200, (await service.PostAsync("food", """{"k":"a"}""")).Status);
        Assert.Single(await ReadAsync(name, "&wait=30s", "eaten.plain"));

        var other = One.Replace("plain", "others", StringComparison.Ordinal);
        put = await service.PutAsync("eaten", other);
        Assert.Equal((409, "in-use"), (put.Status, put.Problem));
        Assert.Equal($"consumer {name}", Assert.Single(put.Json["readers"]!.AsArray())!.ToString());
        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, name, stream: "eaten.plain")).Status);
        put = await service.PutAsync("eaten", other);
        Assert.True(put.IsApplied, put.ToString());
        Assert.Equal(200, (await service.SendAsync(new HttpRequestMessage(
            HttpMethod.Delete, "v1/pipelines/eaten?streams=delete"))).Status);
    }

    private Task BeginsAtTenAsync(string stream) => Eventually.IsTrueAsync(
        async () => (int)(await service.GetAsync($"v1/streams/{stream}")).Json["partitions"]![0]!["first"]! == 10,
        Limit,
        $"the events of {stream} are gone");

    private static string Place(JsonNode read) => $"{read["partition"]}/{read["offset"]}";

    private static long[] Offsets(JsonNode consumer, string what) =>
        [.. consumer["partitions"]!.AsArray().Select(one => (long)one![what]!)];

    private async Task<string> MakeAsync(string stream, string from)
    {
        var name = $"c-{Guid.NewGuid():N}";
        var reply = await SendAsync(HttpMethod.Put, $"{name}?from={from}", stream: stream);
        Assert.True(reply.Status == 200, reply.ToString());
        return name;
    }

    /// <summary>Whether it was made, and where it is.</summary>
    private async Task<string> PutAsync(string name, string from)
    {
        await PostAsync(["p", "q", "r", "s"]);
        var reply = await SendAsync(HttpMethod.Put, $"{name}?from={from}");
        var isLatest = Offsets(reply.Json, "offset").Sum() > 0;
        return $"{(bool)reply.Json["changed"]!} {(isLatest ? "latest" : "earliest")}";
    }

    private async Task PostAsync(string[] keys)
    {
        var lines = keys.Select(static key => $"{{\"k\":\"{key}\"}}");
        var reply = await service.PostAsync(Stream, string.Join('\n', lines));
        Assert.True(reply.Status == 200, reply.ToString());
    }

    private async Task<JsonNode> GetAsync(string name) => (await SendAsync(HttpMethod.Get, name)).Json;

    private Task<List<JsonNode>> ReadAsync(string name, string query = "", string stream = Stream) =>
        service.EventsAsync(stream, $"consumer={name}{query}");

    private Task<Reply> CommitAsync(string name, params (int Partition, long Offset)[] offsets) =>
        CommitAsync(name, Stream, offsets);

    private Task<Reply> CommitAsync(string name, string stream, params (int Partition, long Offset)[] offsets)
    {
        var path = name.Contains("/commit", StringComparison.Ordinal) ? name : $"{name}/commit";
        var body = string.Join(',', offsets.Select(static one => $"\"{one.Partition}\":{one.Offset}"));
        return SendAsync(HttpMethod.Post, path, $"{{\"offsets\":{{{body}}}}}", stream: stream);
    }

    private Task<Reply> SendAsync(
        HttpMethod method, string path, string? body = null, string type = "application/json", string stream = Stream)
    {
        var request = new HttpRequestMessage(method, $"v1/streams/{stream}/consumers/{path}");
        if (body is not null)
        {
            request.Content = new StringContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        return service.SendAsync(request);
    }
}
