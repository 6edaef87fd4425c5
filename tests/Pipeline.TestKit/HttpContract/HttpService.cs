using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.HttpContract;

/// <summary>
/// A service that the contract of the HTTP interface is held against. Where it has more than one address, requests go
/// to one after the other: what one did, the next one must know.
/// </summary>
public abstract class HttpService : IAsyncLifetime
{
    public const string Definition = """
        name: tests
        streams:
          keyed: { partitions: 4, key: k }
          plain: { partitions: 4 }
          spread: { partitions: 4, key: k, missingKey: spread }
          one: { partitions: 1 }
          window: { partitions: 2, window: 10 }
          few: { partitions: 3, key: k, window: 20 }
          brief: { partitions: 1, retention: 1s }
          tail: { partitions: 2, key: k }
          small: { partitions: 1, maxEvent: 100B, maxRequest: 1000B }
          near: { partitions: 1 }
          far: { partitions: 1, maxAhead: 2h }
          ended: { partitions: 2 }
          parts: { partitions: 2, key: k }
          wide: { partitions: 24, key: k }
          consumed: { partitions: 2, key: k }
          freed: { partitions: 1, retention: 1s }
          missed: { partitions: 1, retention: { hard: 1s } }
          waited: { partitions: 1, retention: 1s }
        stages:
          odd:
            materialize: true
            query: SELECT n FROM one WHERE n % 2 = 1
        """;

    /// <summary>
    /// Pipelines that no test touches, one of which reads the other: whatever is done beside them, they go on.
    /// </summary>
    private static readonly (string Name, string Text)[] Bystanders =
    [
        ("beside", "name: beside\nstreams: { beside: { partitions: 2 } }\n"
            + "stages: { copy: { query: SELECT * FROM beside } }\n"),
        ("further", "name: further\nstages: { end: { query: 'SELECT n FROM [beside.copy]' } }\n"),
    ];

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>How old a report may be that a status tells of.</summary>
    private static readonly TimeSpan ReportLimit = TimeSpan.FromSeconds(5);

    private const int BesideEvents = 50;

    private readonly HttpClient _http = new();
    private int _next;

    /// <summary>Every address it answers at; known once <see cref="StartAsync"/> is done.</summary>
    public abstract IReadOnlyList<Uri> Addresses { get; }

    /// <summary>Where its backups go.</summary>
    public string BackupFolder { get; } = Directory.CreateTempSubdirectory("pipeline-backups-").FullName;

    /// <summary>The key or token sent where a request has none of its own; null: none.</summary>
    public string? Key { get; init; }

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        await ApplyAsync("tests", Definition);
        foreach (var address in Addresses)
        {
            await Eventually.IsTrueAsync(() => ServesAsync(address), StartLimit, $"{address} serves");
        }

        foreach (var (name, text) in Bystanders)
        {
            await ApplyAsync(name, text);
        }

        await PostBesideAsync(0);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await PostBesideAsync(BesideEvents);
            await BystandersHoldAsync();
        }
        finally
        {
            _http.Dispose();
            await StopAsync();
            Directory.Delete(BackupFolder, recursive: true);
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Again where it says that it cannot within its time: the machine may be busy with other tests.</summary>
    private async Task ApplyAsync(string pipeline, string text) => await Eventually.GetAsync(
        async () =>
        {
            var applied = await PutAsync(pipeline, text);
            Assert.True(applied.IsApplied || applied.Status == 503, applied.ToString());
            return applied;
        },
        static applied => applied.IsApplied,
        StartLimit,
        $"PUT {pipeline}");

    private async Task PostBesideAsync(int from)
    {
        var lines = Enumerable.Range(from, BesideEvents).Select(static n => $"{{\"n\":{n}}}");
        Assert.Equal(200, (await PostAsync(
            "beside", string.Join('\n', lines), headers: $"Idempotency-Key: beside-{from}")).Status);
    }

    /// <summary>All that was sent to them came out once, and they say that they run.</summary>
    private async Task BystandersHoldAsync()
    {
        List<int> found = [];
        await Eventually.IsTrueAsync(
            async () =>
            {
                found = [.. (await EventsAsync("further.end")).Select(static e => (int)e["value"]!["n"]!)];
                return found.Count >= 2 * BesideEvents;
            },
            StartLimit,
            "pipelines beside those of the tests go on");
        Assert.Equal(Enumerable.Range(0, 2 * BesideEvents), found.Order());
        foreach (var (name, _) in Bystanders)
        {
            await Eventually.GetAsync(
                async () => (await GetAsync($"v1/pipelines/{name}")).Json,
                static pipeline => (string?)pipeline["status"] == "running",
                ReportLimit,
                $"{name} says that it runs");
        }
    }

    public Task<Reply> PostAsync(
        string stream, string body, string contentType = "application/x-ndjson", params string[] headers) =>
        PostAsync(stream, Encoding.UTF8.GetBytes(body), contentType, headers);

    /// <summary>Posts a body; headers as "Name: value".</summary>
    public Task<Reply> PostAsync(string stream, byte[] body, string contentType, params string[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"v1/streams/{stream}/events")
        {
            Content = new ByteArrayContent(body),
        };
        if (contentType.Length > 0)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach (var header in headers)
        {
            var parts = header.Split(": ", 2);
            if (!request.Headers.TryAddWithoutValidation(parts[0], parts[1]))
            {
                request.Content.Headers.TryAddWithoutValidation(parts[0], parts[1]);
            }
        }

        return SendAsync(request);
    }

    public Task<Reply> PutAsync(string pipeline, string text, string mediaType = "application/yaml")
    {
        var content = new StringContent(text);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return SendAsync(new HttpRequestMessage(HttpMethod.Put, $"v1/pipelines/{pipeline}") { Content = content });
    }

    public Task<Reply> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Sends a request to a path, at the next address.</summary>
    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        using (var response = await OpenAsync(request, HttpCompletionOption.ResponseContentRead, default))
        {
            return new Reply(
                (int)response.StatusCode,
                await response.Content.ReadAsStringAsync(),
                response.Content.Headers.ContentType?.MediaType ?? "",
                response.Headers);
        }
    }

    /// <summary>The same, with the answer as it comes; for whoever reads it piece by piece.</summary>
    public Task<HttpResponseMessage> OpenAsync(
        HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        var address = Addresses[(int)((uint)Interlocked.Increment(ref _next) % (uint)Addresses.Count)];
        if (Key is not null && request.Headers.Authorization is null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        }

        request.RequestUri = request.RequestUri is { } path ? new Uri(address, path) : address;
        return _http.SendAsync(request, completion, cancellationToken);
    }

    /// <summary>The events of a stream, all partitions.</summary>
    public async Task<List<JsonNode>> EventsAsync(string stream, string query = "max=100000")
    {
        var reply = await GetAsync($"v1/streams/{stream}/events?{query}");
        Assert.True(reply.Status == 200, reply.ToString());
        return reply.Lines;
    }

    /// <summary>Starts it on empty stores, and waits until it answers.</summary>
    protected abstract Task StartAsync();

    protected abstract Task StopAsync();

    private async Task<bool> ServesAsync(Uri address)
    {
        using var answer = await _http.GetAsync(new Uri(address, "health"));
        return answer.IsSuccessStatusCode;
    }
}
