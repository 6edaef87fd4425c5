using System.Text.Json.Nodes;

namespace Pipeline.TestKit.HttpContract;

/// <summary>Events as they come, over server-sent events.</summary>
public abstract class TailEventsContract(HttpService service)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_tail_goes_on_with_new_events_and_resumes_behind_the_last_one()
    {
        using var limit = new CancellationTokenSource(Limit);
        await PostAsync(0, 10);
        var first = await ReadAsync(10, null, limit.Token);
        var reading = ReadAsync(10, first.LastId, limit.Token);
        await PostAsync(10, 20);
        var second = await reading;

        Assert.Equal(Enumerable.Range(0, 10), first.Numbers.Order());
        Assert.Equal(Enumerable.Range(10, 10), second.Numbers.Order());
        Assert.Matches("^0:\\d+,1:\\d+$", second.LastId);
    }

    [Fact]
    public async Task A_position_that_makes_no_sense_is_malformed()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "v1/streams/tail/events");
        request.Headers.Add("Accept", "text/event-stream");
        request.Headers.Add("Last-Event-ID", "nonsense");

        var reply = await service.SendAsync(request);

        Assert.Equal((400, "malformed"), (reply.Status, reply.Problem));
    }

    [Theory]
    [InlineData("0:999999999")]
    [InlineData("0:0,1:999999999")]
    [InlineData("1:9223372036854775807")]
    public async Task A_position_beyond_the_end_is_answered_416_before_anything_else(string position)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "v1/streams/tail/events");
        request.Headers.Add("Accept", "text/event-stream");
        request.Headers.Add("Last-Event-ID", position);

        var reply = await service.SendAsync(request);

        Assert.Equal((416, "offset-beyond-end"), (reply.Status, reply.Problem));
        Assert.NotNull(reply.Json["first"]);
        Assert.NotNull(reply.Json["next"]);
    }

    [Fact]
    public async Task A_tail_of_many_partitions_resumes_behind_its_last_id_which_stays_short()
    {
        using var limit = new CancellationTokenSource(Limit);
        const int Count = 200;
        var lines = Enumerable.Range(0, Count).Select(i => $"{{\"k\":\"{i}\",\"n\":{i}}}");
        Assert.Equal(200, (await service.PostAsync("wide", string.Join('\n', lines))).Status);
        var seen = new List<int>();
        string? last = null;
        foreach (var count in (int[])[1, 7, 30, 62, 99])
        {
            var read = await ReadAsync(count, last, limit.Token, "wide");
            seen.AddRange(read.Numbers.Take(count + 1));
            last = read.LastId;
            Assert.InRange(last.Length, 1, 50);
        }

        seen.Add(Assert.Single((await ReadAsync(1, last, limit.Token, "wide")).Numbers));

        Assert.Equal(Enumerable.Range(0, Count), seen.Order());
    }

    [Fact]
    public async Task A_partition_that_a_position_does_not_name_begins_where_the_query_says()
    {
        using var limit = new CancellationTokenSource(Limit);
        var lines = Enumerable.Range(0, 20).Select(i => $"{{\"k\":\"{i}\",\"n\":{i}}}");
        Assert.Equal(200, (await service.PostAsync("parts", string.Join('\n', lines))).Status);
        var inSecond = (await service.EventsAsync("parts", "partition=1")).Select(e => (int)e["value"]!["n"]!).ToList();
        var end = (await service.EventsAsync("parts", "partition=0")).Count;

        var read = await ReadAsync(inSecond.Count, $"0:{end}", limit.Token, "parts");

        Assert.Equal(inSecond, read.Numbers);
    }

    [Fact]
    public async Task A_tail_ends_and_says_why_when_its_stream_is_not_kept_any_more_or_is_deleted()
    {
        using var limit = new CancellationTokenSource(2 * Limit);
        const string Text = "name: ends\nstreams: { ends: { partitions: 2, key: k } }\n"
            + "stages:\n  v: { query: SELECT * FROM ends }\n";
        Assert.True((await service.PutAsync("ends", Text)).IsApplied);
        var kept = ProblemAsync("ends.v", limit.Token);
        Assert.True((await service.PutAsync("ends", Text + "  m: { query: SELECT k FROM v }\n")).IsApplied);
        Assert.Equal("urn:pipeline:problem:not-materialized", await kept);

        var deleted = ProblemAsync("ends.m", limit.Token);
        Assert.Equal(200, (await service.SendAsync(
            new HttpRequestMessage(HttpMethod.Delete, "v1/pipelines/ends?streams=delete"))).Status);
        Assert.Equal("urn:pipeline:problem:stream-not-found", await deleted);
    }

    /// <summary>Opens a tail; the type of the problem that it ends with.</summary>
    private async Task<string?> ProblemAsync(string stream, CancellationToken limit)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/streams/{stream}/events");
        request.Headers.Add("Accept", "text/event-stream");
        using var response = await service.OpenAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(limit));
        while (await lines.ReadLineAsync(limit) is { } line)
        {
            if (line == "event: problem")
            {
                return (string?)JsonNode.Parse((await lines.ReadLineAsync(limit))![6..])!["type"];
            }
        }

        return null;
    }

    private async Task PostAsync(int from, int to)
    {
        var lines = Enumerable.Range(from, to - from).Select(i => $"{{\"k\":\"{i}\",\"n\":{i}}}");
        Assert.Equal(200, (await service.PostAsync("tail", string.Join('\n', lines))).Status);
    }

    private async Task<(List<int> Numbers, string LastId)> ReadAsync(
        int count, string? lastId, CancellationToken limit, string stream = "tail")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/streams/{stream}/events");
        request.Headers.Add("Accept", "text/event-stream");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        using var response = await service.OpenAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(limit));
        var numbers = new List<int>();
        var id = "";
        while (numbers.Count < count)
        {
            var line = await lines.ReadLineAsync(limit);
            Assert.NotNull(line);
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                numbers.Add((int)JsonNode.Parse(line[6..])!["value"]!["n"]!);
            }
        }

        return (numbers, id);
    }
}
