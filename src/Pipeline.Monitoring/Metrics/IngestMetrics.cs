using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pipeline.Storage.Metering;

namespace Pipeline.Monitoring.Metrics;

/// <summary>Counts what clients posted (meter Pipeline.Ingest).</summary>
internal sealed class IngestMetrics : IDisposable
{
    public const string MeterName = "Pipeline.Ingest";

    private readonly Meter _meter;
    private readonly ConcurrentDictionary<string, long> _refusals;
    private readonly Histogram<double> _seconds;
    private long _duplicates;

    /// <param name="scope">Of whose host.</param>
    /// <param name="problems">Counted from none on, so that the first of a kind shows as a rise.</param>
    public IngestMetrics(MeterScope scope, IEnumerable<string> problems)
    {
        _meter = scope.NewMeter(MeterName);
        _refusals = new(problems.Select(static name => KeyValuePair.Create(name, 0L)));
        _meter.CreateObservableCounter("pipeline.ingest.events", () => Tally.Events, "{event}", "Events accepted.");
        _meter.CreateObservableCounter(
            "pipeline.ingest.duplicates", () => Interlocked.Read(ref _duplicates), "{event}",
            "Events that were there already.");
        _meter.CreateObservableCounter(
            "pipeline.ingest.bytes", () => Tally.Bytes, "By", "Bytes of accepted bodies.");
        _meter.CreateObservableCounter(
            "pipeline.ingest.refusals", Refusals, "{request}", "Requests refused, by problem.");
        _seconds = _meter.CreateHistogram<double>(
            "pipeline.ingest.duration", "s", "From the request's head to its acknowledgement.");
    }

    /// <summary>The same, for the history.</summary>
    public IngestTally Tally { get; } = new();

    public static long Start() => Stopwatch.GetTimestamp();

    public void Accept(long started, int accepted, int duplicates, long bytes)
    {
        Interlocked.Add(ref _duplicates, duplicates);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        _seconds.Record(seconds);
        Tally.Take(accepted, bytes, seconds);
    }

    public void Refuse(string problem) =>
        _refusals.AddOrUpdate(problem, 1, static (_, before) => before + 1);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Refusals() => _refusals.Select(static pair =>
        new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("problem", pair.Key)));
}
