using System.Text.Json.Nodes;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.HttpContract;

/// <summary>
/// What is older than a stream keeps is gone, and who asks for it is told where the stream begins now.
/// </summary>
public abstract class RetentionContract(HttpService service)
{
    /// <summary>
    /// Retention looks each second at a stream that keeps events so shortly; what it finds to be old in the open
    /// segment goes with the next look.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Events_older_than_retention_are_gone_and_the_first_one_kept_is_named()
    {
        var posted = await service.PostAsync("brief", string.Join('\n', Enumerable.Range(0, 10)));
        Assert.True(posted.Status == 200, posted.ToString());
        using var tail = await TailAsync("0:0");
        using var told = new StreamReader(await tail.Content.ReadAsStreamAsync());
        Assert.Equal("9", (await NextAsync(told, 10))[^1]);
        await Eventually.IsTrueAsync(async () => (await ReadAsync(0)).Status == 410, Limit, "the events are gone");

        var gone = await ReadAsync(0);
        var first = (int)gone.Json["first"]!;
        Assert.Equal((410, "offset-gone"), (gone.Status, gone.Problem));
        Assert.Equal(10, first);
        await Eventually.IsTrueAsync(
            async () => (int)(await service.GetAsync("v1/streams/brief")).Json["partitions"]![0]!["first"]! == first,
            Limit,
            "the stream's first offset is shown");

        Assert.Equal(200, (await service.PostAsync("brief", "10")).Status);
        Assert.Equal("10", (await ReadAsync(first)).Lines[0]["value"]!.ToString());
        Assert.Equal("10", (await service.EventsAsync("brief", "from=earliest")).First()["value"]!.ToString());

        // Who had read all that is gone has missed nothing.
        Assert.Equal("10", (await NextAsync(told, 1))[0]);
        await TailEndsAsync();
    }

    private Task<Reply> ReadAsync(int from) => service.GetAsync($"v1/streams/brief/events?partition=0&from={from}");

    /// <summary>A tail that resumes at what is gone ends, and says why.</summary>
    private async Task TailEndsAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        using var response = await TailAsync("0:3");
        var text = await response.Content.ReadAsStringAsync(limit.Token);
        Assert.Contains("offset-gone", text, StringComparison.Ordinal);
        Assert.Contains("\"first\":", text, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> TailAsync(string after)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "v1/streams/brief/events");
        request.Headers.Add("Accept", "text/event-stream");
        request.Headers.Add("Last-Event-ID", after);
        return service.OpenAsync(request, HttpCompletionOption.ResponseHeadersRead, default);
    }

    /// <summary>The values of the next events of a tail.</summary>
    private static async Task<List<string>> NextAsync(StreamReader tail, int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        var values = new List<string>();
        while (values.Count < count)
        {
            var line = await tail.ReadLineAsync(limit.Token);
            Assert.False(line is null or "event: problem", "the tail ended");
            if (line!.StartsWith("data: ", StringComparison.Ordinal))
            {
                values.Add(JsonNode.Parse(line["data: ".Length..])!["value"]!.ToString());
            }
        }

        return values;
    }
}
