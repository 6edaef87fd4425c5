using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Http.Access;
using Pipeline.Http.Hosting;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Pipelines;
using Pipeline.Storage.Directories;
using Xunit;

namespace Pipeline.Http.Tests.Service;

/// <summary>The HTTP interface on a real port over a real engine on three directory stores of its own.</summary>
public sealed class RunningService : IAsyncLifetime
{
    public const string Definition = """
        name: tests
        streams:
          keyed: { partitions: 4, key: k }
          plain: { partitions: 4 }
          spread: { partitions: 4, key: k, missingKey: spread }
          one: { partitions: 1 }
          window: { partitions: 2, window: 10 }
          tail: { partitions: 2, key: k }
          small: { partitions: 1, maxEvent: 100B, maxRequest: 1000B }
        stages:
          odd:
            materialize: true
            query: SELECT n FROM one WHERE n % 2 = 1
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-http-").FullName;
    private readonly List<ThreadLoop> _loops = [];
    private readonly List<DirectorySlot> _slots = [];
    private PipelineEngine? _engine;
    private WebApplication? _app;

    public HttpClient Http { get; } = new();

    /// <summary>Who may use it.</summary>
    public AccessOptions Access { get; init; } = AccessOptions.None;

    /// <summary>The key or token sent where a request has none of its own.</summary>
    public string? Key { get; init; }

    public async ValueTask InitializeAsync()
    {
        _slots.AddRange(Enumerable.Range(1, 3).Select(i => new DirectorySlot($"{i}", Path.Combine(_folder, $"{i}"))));
        var host = new EngineHost { Slots = _slots, NewLoop = NewLoop, Draw = new Random(), Name = "test" };
        _engine = new PipelineEngine(host, new EngineOptions
        {
            Pipelines = new PipelineSettings { DataDirectory = _folder },
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddPipelineHttp(_engine, new PipelineHttpOptions { Access = Access }, new Random(1));
        _app = builder.Build();
        _app.MapPipelineHttp();
        await _app.StartAsync();
        Http.BaseAddress = new Uri(_app.Urls.First());
        Assert.Equal(EngineState.Running, await _engine.StartAsync(CancellationToken.None));
        _app.SetPipelineReady();
        var applied = await PutAsync("tests", Definition);
        Assert.True(applied.Status == 200, applied.ToString());
        await ServesAsync();
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

    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        if (Key is not null && request.Headers.Authorization is null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        }

        using (request)
        using (var response = await Http.SendAsync(request))
        {
            return new Reply(
                (int)response.StatusCode,
                await response.Content.ReadAsStringAsync(),
                response.Content.Headers.ContentType?.MediaType ?? "",
                response.Headers);
        }
    }

    /// <summary>The events of a stream, all partitions.</summary>
    public async Task<List<System.Text.Json.Nodes.JsonNode>> EventsAsync(string stream, string query = "max=100000")
    {
        var reply = await GetAsync($"v1/streams/{stream}/events?{query}");
        Assert.True(reply.Status == 200, reply.ToString());
        return reply.Lines;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_engine is not null)
        {
            await _engine.StopAsync(CancellationToken.None);
        }

        _loops.ForEach(loop => loop.Dispose());
        _slots.ForEach(slot => slot.Dispose());
        Http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private ThreadLoop NewLoop(string name)
    {
        var loop = new ThreadLoop(name, fault => Assert.Fail(fault.ToString()));
        lock (_loops)
        {
            _loops.Add(loop);
        }

        return loop;
    }

    private async Task ServesAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await GetAsync("health")).Status != 200)
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
