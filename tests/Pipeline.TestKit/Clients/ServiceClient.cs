using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.Clients;

/// <summary>Talks to the service as any client would: HTTP and nothing else.</summary>
public sealed class ServiceClient(Uri address, TimeSpan? timeout = null) : IDisposable
{
    private const int PageSize = 20_000;

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = timeout ?? TimeSpan.FromSeconds(100) };

    /// <summary>The W3C trace context sent with each request; null: none.</summary>
    public string? TraceParent { get; set; }

    /// <summary>The key or token sent with each request; null: none.</summary>
    public string? Key { get; set; } = Environment.GetEnvironmentVariable("PIPELINE_KEY");

    public void Dispose() => _http.Dispose();

    /// <summary>Posts NDJSON, once.</summary>
    public Task<Answer> PostAsync(string stream, byte[] ndjson, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"v1/streams/{stream}/events")
        {
            Content = new ByteArrayContent(ndjson),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", $"\"{idempotencyKey}\"");
        }

        return SendAsync(request);
    }

    /// <summary>
    /// Posts NDJSON under one handle until it is answered 200; every other answer goes to <paramref name="refused"/>.
    /// </summary>
    public async Task<Answer> PostUntilAcceptedAsync(
        string stream, byte[] ndjson, string idempotencyKey, TimeSpan limit, Action<Answer>? refused = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var answer = await PostAsync(stream, ndjson, idempotencyKey);
            if (answer.IsOk)
            {
                return answer;
            }

            refused?.Invoke(answer);
            var mayRetry = answer.Status is 0 or 429 or 503 || answer.Problem == "request-in-progress";
            Assert.True(mayRetry, $"a retry would not help: {answer}");
            Assert.True(watch.Elapsed < limit, $"not accepted within {limit.TotalSeconds} s: {answer}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    public Task<Answer> PutDefinitionAsync(string pipeline, string yaml)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"v1/pipelines/{pipeline}")
        {
            Content = new StringContent(yaml, Encoding.UTF8, "application/yaml"),
        };
        return SendAsync(request);
    }

    public Task<Answer> PostWatermarkAsync(string stream, string time)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"v1/streams/{stream}/watermark")
        {
            Content = new StringContent($$"""{"time":"{{time}}"}""", Encoding.UTF8, "application/json"),
        };
        return SendAsync(request);
    }

    public Task<Answer> PutConsumerAsync(string stream, string name) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Put, $"v1/streams/{stream}/consumers/{name}"));

    public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public async Task<PartitionState[]> PartitionsAsync(string stream)
    {
        var answer = await Eventually.GetAsync(
            () => GetAsync($"v1/streams/{stream}"), static answer => answer.IsOk, TimeSpan.FromSeconds(30), stream);
        return [.. answer.Json["partitions"]!.AsArray().Select(partition => new PartitionState(
            (int)partition!["partition"]!, (long)partition["first"]!, (long)partition["committed"]!))];
    }

    /// <summary>How many events all partitions of a stream hold.</summary>
    public async Task<long> CountAsync(string stream) =>
        (await PartitionsAsync(stream)).Sum(partition => partition.Committed - partition.First);

    /// <summary>Every committed event, partition by partition, in order; a page at a time is in memory.</summary>
    public async IAsyncEnumerable<StoredEvent> EventsAsync(string stream)
    {
        foreach (var partition in await PartitionsAsync(stream))
        {
            for (var next = partition.First; next < partition.Committed;)
            {
                var page = await ReadAsync(stream, partition.Partition, next);
                Assert.True(page.Count > 0, $"{stream}/{partition.Partition} gives nothing from {next} on");
                foreach (var stored in page)
                {
                    yield return stored;
                }

                next = page[^1].Offset + 1;
            }
        }
    }

    /// <summary>What <see cref="EventsAsync"/> gives, as a list: for streams that are small.</summary>
    public async Task<List<StoredEvent>> ReadAllAsync(string stream) => await EventsAsync(stream).ToListAsync();

    /// <summary>Each key's events are in the stream once, in order.</summary>
    public Task HoldsOnceAsync(string stream, IReadOnlyDictionary<string, long> sent) =>
        ExactlyOnce.HoldsAsync(EventsAsync(stream).Select(static stored => stored.Value), sent);

    private async Task<List<StoredEvent>> ReadAsync(string stream, int partition, long from)
    {
        var path = $"v1/streams/{stream}/events?partition={partition}&from={from}&max={PageSize}";
        var answer = await GetAsync(path);
        Assert.True(answer.IsOk, $"{path}: {answer}");
        return [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            var node = JsonNode.Parse(line)!;
            return new StoredEvent(
                (int)node["partition"]!, (long)node["offset"]!, (string?)node["key"], node["value"]!);
        })];
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        try
        {
            if (TraceParent is not null)
            {
                request.Headers.Add("traceparent", TraceParent);
            }

            if (Key is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
            }

            using (request)
            using (var answer = await _http.SendAsync(request))
            {
                var body = await answer.Content.ReadAsStringAsync();
                return new Answer((int)answer.StatusCode, body, answer.Headers.RetryAfter?.Delta);
            }
        }
        catch (HttpRequestException)
        {
            return Answer.None;
        }
        catch (IOException)
        {
            return Answer.None;
        }
    }
}
