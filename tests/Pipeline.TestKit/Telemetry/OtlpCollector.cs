using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.Telemetry;

/// <summary>
/// Takes what is exported by OTLP over HTTP with protobuf (opentelemetry.io/docs/specs/otlp) and decodes as much of it
/// as tests ask for.
/// </summary>
public sealed class OtlpCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<CollectedSpan> _spans = new();
    private readonly ConcurrentDictionary<CollectedMetric, bool> _metrics = new();
    private readonly ConcurrentDictionary<string, bool> _deltas = new();
    private readonly ConcurrentQueue<CollectedLog> _logs = new();

    public OtlpCollector()
    {
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = TakeAsync();
    }

    public Uri Address { get; }

    /// <summary>What makes a process export here, metrics twice a second.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "500",
    };

    public IReadOnlyCollection<CollectedSpan> Spans => _spans;

    public IReadOnlyCollection<CollectedMetric> Metrics => [.. _metrics.Keys];

    /// <summary>Counters and histograms that say what happened since the last export, not since the start.</summary>
    public IReadOnlyCollection<string> Deltas => [.. _deltas.Keys];

    public IReadOnlyCollection<CollectedLog> Logs => _logs;

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
                Take(context.Request.Url!.Segments[^1], body.ToArray());
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Take(string signal, byte[] body)
    {
        foreach (var perService in ProtoField.ReadAll(body).Where(static field => field.Number == 1))
        {
            var service = ServiceOf(perService.Bytes);
            foreach (var item in ProtoField.Find(perService.Bytes, 2, 2))
            {
                switch (signal)
                {
                    case "traces":
                        _spans.Enqueue(SpanOf(service, item));
                        break;
                    case "metrics":
                        TakeTemporality(item);
                        _metrics.TryAdd(new CollectedMetric(service, Text(item, 1), Text(item, 3)), true);
                        break;
                    default:
                        _logs.Enqueue(new CollectedLog(service, Text(Inner(item, 5), 1), Id(item, 9)));
                        break;
                }
            }
        }
    }

    private void TakeTemporality(List<ProtoField> metric)
    {
        const int Sum = 7;
        const int Histogram = 9;
        const int Temporality = 2;
        const ulong Delta = 1;
        if (metric.Where(static field => field.Number is Sum or Histogram).Any(static field =>
            ProtoField.ReadAll(field.Bytes).Exists(static inner => inner is { Number: Temporality, Value: Delta })))
        {
            _deltas.TryAdd(Text(metric, 1), true);
        }
    }

    private static string ServiceOf(ReadOnlyMemory<byte> resource) => ProtoField.Find(resource, 1, 1)
        .Where(static attribute => Text(attribute, 1) == "service.name")
        .Select(static attribute => Text(Inner(attribute, 2), 1))
        .FirstOrDefault("");

    private static CollectedSpan SpanOf(string service, List<ProtoField> span) => new(
        service,
        Text(span, 5),
        Id(span, 1),
        Id(span, 2),
        Id(span, 4),
        [.. span.Where(static field => field.Number == 13)
            .Select(static link => Id(ProtoField.ReadAll(link.Bytes), 2))]);

    private static List<ProtoField> Inner(List<ProtoField> fields, int number) =>
        ProtoField.ReadAll(fields.Find(field => field.Number == number).Bytes);

    private static string Text(List<ProtoField> fields, int number) =>
        Encoding.UTF8.GetString(fields.Find(field => field.Number == number).Bytes.Span);

    private static string Id(List<ProtoField> fields, int number) =>
        Convert.ToHexStringLower(fields.Find(field => field.Number == number).Bytes.Span);
}
