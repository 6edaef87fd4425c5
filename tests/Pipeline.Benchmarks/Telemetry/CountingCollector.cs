using System.Net;
using Pipeline.TestKit.Machines;

namespace Pipeline.Benchmarks.Telemetry;

/// <summary>Takes exports over OTLP/HTTP, counts them and keeps nothing.</summary>
public sealed class CountingCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private int _exports;

    public CountingCollector()
    {
        Url = $"http://127.0.0.1:{Ports.Free()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = TakeAsync();
    }

    public string Url { get; }

    public int Exports => Volatile.Read(ref _exports);

    public void Dispose() => _listener.Close();

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
                Interlocked.Increment(ref _exports);
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // All runs are over.
        }
    }
}
