using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Pipeline.Acceptance.Hosts;

namespace Pipeline.Acceptance.Machines;

/// <summary>
/// Takes what is exported by OTLP over HTTP (opentelemetry.io/docs/specs/otlp), protobuf as it comes: names and ids
/// of texts are found in it as they are.
/// </summary>
public sealed class OtlpCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _taken = new();

    public OtlpCollector()
    {
        Address = new Uri($"http://127.0.0.1:{Site.FreePort()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = TakeAsync();
    }

    public Uri Address { get; }

    /// <summary>Whether an export of a signal ("traces", "metrics", "logs") had these bytes in it.</summary>
    public bool Has(string signal, ReadOnlySpan<byte> bytes)
    {
        foreach (var (kind, body) in _taken)
        {
            if (kind == signal && body.AsSpan().IndexOf(bytes) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    public bool Has(string signal, string text) => Has(signal, Encoding.UTF8.GetBytes(text));

    public void Dispose() => _listener.Close();

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _taken.Enqueue((context.Request.Url!.Segments[^1], body.ToArray()));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
