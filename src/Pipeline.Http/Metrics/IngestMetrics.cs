using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Pipeline.Http.Metrics;

/// <summary>Counts what clients posted (meter Pipeline.Ingest).</summary>
internal sealed class IngestMetrics : IDisposable
{
    public const string MeterName = "Pipeline.Ingest";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _seconds;

    public IngestMetrics()
    {
        _accepted = _meter.CreateCounter<long>("pipeline.ingest.events", "{event}", "Events accepted.");
        _duplicates = _meter.CreateCounter<long>(
            "pipeline.ingest.duplicates", "{event}", "Events that were there already.");
        _bytes = _meter.CreateCounter<long>("pipeline.ingest.bytes", "By", "Bytes of accepted bodies.");
        _refused = _meter.CreateCounter<long>(
            "pipeline.ingest.refusals", "{request}", "Requests refused, by problem.");
        _seconds = _meter.CreateHistogram<double>(
            "pipeline.ingest.duration", "s", "From the request's head to its acknowledgement.");
    }

    /// <summary>The same, for the history.</summary>
    public IngestTally Tally { get; } = new();

    public static long Start() => Stopwatch.GetTimestamp();

    public void Accept(long started, int accepted, int duplicates, long bytes)
    {
        _accepted.Add(accepted);
        if (duplicates > 0)
        {
            _duplicates.Add(duplicates);
        }

        _bytes.Add(bytes);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        _seconds.Record(seconds);
        Tally.Take(accepted, bytes, seconds);
    }

    public void Refuse(string problem) =>
        _refused.Add(1, new KeyValuePair<string, object?>("problem", problem));

    public void Dispose() => _meter.Dispose();
}
