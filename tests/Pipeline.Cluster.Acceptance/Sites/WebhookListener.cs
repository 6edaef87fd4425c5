using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>A webhook on loopback that takes what it gets.</summary>
internal sealed class WebhookListener : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _taking;

    public WebhookListener()
    {
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}/hook/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _taking = TakeAllAsync();
    }

    public Uri Address { get; }

    public ConcurrentQueue<JsonNode> Taken { get; } = new();

    /// <summary>What was said of an alert, in order, as "firing resolved".</summary>
    public string Said(string name) => string.Join(' ', Of(name).Select(static one => (string)one["status"]!));

    public IEnumerable<JsonNode> Of(string name) => Taken.Where(one => (string?)one["name"] == name);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _taking;
    }

    private async Task TakeAllAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Taken.Enqueue((await JsonNode.ParseAsync(context.Request.InputStream))!);
            context.Response.Close();
        }
    }
}
