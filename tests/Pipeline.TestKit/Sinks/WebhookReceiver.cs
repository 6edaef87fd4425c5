using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.Sinks;

/// <summary>One request that a receiver got.</summary>
/// <param name="Key">Its Idempotency-Key.</param>
/// <param name="Body">Its body.</param>
/// <param name="Headers">All its headers.</param>
public sealed record WebhookRequest(string Key, string Body, NameValueCollection Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;
}

/// <summary>A target of webhooks on loopback: keeps what it takes, in the order in which it takes it.</summary>
public sealed class WebhookReceiver : IDisposable
{
    /// <summary>An answer that is none: it takes the request and breaks the connection.</summary>
    public const int Dropped = 0;

    private readonly ConcurrentQueue<WebhookRequest> _all = new();
    private readonly List<WebhookRequest> _taken = [];
    private readonly int _port = Ports.Free();
    private HttpListener? _listener;
    private int _underWay;
    private int _mostUnderWay;

    public WebhookReceiver() => Start();

    public Uri Address => new($"http://127.0.0.1:{_port}/hook");

    /// <summary>The status it answers; 2xx, and <see cref="Dropped"/>, take the request.</summary>
    public Func<WebhookRequest, int> Answer { get; set; } = static _ => 200;

    /// <summary>The body of its answer.</summary>
    public Func<int, string> Says { get; set; } = static status => $"{{\"said\":{status}}}";

    /// <summary>How long it thinks about each.</summary>
    public Func<TimeSpan> Thinks { get; set; } = static () => TimeSpan.Zero;

    /// <summary>What it adds to answers.</summary>
    public (string Name, string Value)? Header { get; set; }

    /// <summary>Every request, in the order in which they came.</summary>
    public IReadOnlyCollection<WebhookRequest> All => _all;

    /// <summary>How many were there at once.</summary>
    public int MostUnderWay => _mostUnderWay;

    /// <summary>
    /// What it took, each once, in the order of the first time; fails where a repetition is another request.
    /// </summary>
    public IReadOnlyList<WebhookRequest> Distinct()
    {
        var first = new Dictionary<string, WebhookRequest>();
        var distinct = new List<WebhookRequest>();
        lock (_taken)
        {
            foreach (var request in _taken)
            {
                if (first.TryAdd(request.Key, request))
                {
                    distinct.Add(request);
                }
                else
                {
                    Assert.Equal(first[request.Key].Body, request.Body);
                }
            }
        }

        return distinct;
    }

    public void Start()
    {
        var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        listener.Start();
        _listener = listener;
        _ = Task.Run(() => ListenAsync(listener));
    }

    public void Stop() => _listener?.Close();

    public Task StopAsync()
    {
        Stop();
        return Task.CompletedTask;
    }

    public Task StartAgainAsync()
    {
        Start();
        return Task.CompletedTask;
    }

    public void Dispose() => Stop();

    private async Task ListenAsync(HttpListener listener)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException
                or InvalidOperationException)
            {
                return;
            }

            // A listener that is closed answers for whoever has not yet; that is not to say that it was taken.
            context.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            _ = Task.Run(() => TakeAsync(context));
        }
    }

    private async Task TakeAsync(HttpListenerContext context)
    {
        try
        {
            if (await StatusAsync(context.Request) is not { } status || status == Dropped)
            {
                context.Response.Abort();
                return;
            }

            if (Header is { } header)
            {
                context.Response.AddHeader(header.Name, header.Value);
            }

            context.Response.StatusCode = status;
            context.Response.Close(Encoding.UTF8.GetBytes(Says(status)), willBlock: false);
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException
            or InvalidOperationException)
        {
            // Whoever sent it is gone, or it is stopped.
        }
    }

    /// <summary>What to answer; null: it is no whole request.</summary>
    private async Task<int?> StatusAsync(HttpListenerRequest sent)
    {
        InterlockedMax(Interlocked.Increment(ref _underWay));
        try
        {
            using var body = new MemoryStream();
            await sent.InputStream.CopyToAsync(body);
            if (body.Length < sent.ContentLength64)
            {
                // Its sender was killed in the middle; the listener tells that as the body's end.
                return null;
            }

            var request = new WebhookRequest(
                sent.Headers["Idempotency-Key"] ?? "", Encoding.UTF8.GetString(body.ToArray()), sent.Headers);
            await Task.Delay(Thinks());
            lock (_taken)
            {
                _all.Enqueue(request);
                var status = Answer(request);
                if (status is Dropped or (>= 200 and < 300))
                {
                    _taken.Add(request);
                }

                return status;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private void InterlockedMax(int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref _mostUnderWay)) < value
            && Interlocked.CompareExchange(ref _mostUnderWay, value, seen) != seen)
        {
        }
    }
}
