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

    private async Task PostAsync(int from, int to)
    {
        var lines = Enumerable.Range(from, to - from).Select(i => $"{{\"k\":\"{i}\",\"n\":{i}}}");
        Assert.Equal(200, (await service.PostAsync("tail", string.Join('\n', lines))).Status);
    }

    private async Task<(List<int> Numbers, string LastId)> ReadAsync(int count, string? lastId, CancellationToken limit)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/streams/tail/events");
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
