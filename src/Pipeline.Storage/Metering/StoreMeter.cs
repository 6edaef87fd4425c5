using System.Diagnostics.Metrics;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Metering;

/// <summary>
/// The instruments of meter <c>Pipeline.Storage</c>, each with the tags <c>store</c>, <c>operation</c> and
/// <c>outcome</c>: <c>pipeline.store.duration</c> (seconds) and <c>pipeline.store.bytes</c> (payload read or written).
/// </summary>
public sealed class StoreMeter : IDisposable
{
    public const string MeterName = "Pipeline.Storage";

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _bytes;

    public StoreMeter(MeterScope scope)
    {
        _meter = scope.NewMeter(MeterName);
        _duration = _meter.CreateHistogram<double>("pipeline.store.duration", "s", "Time a store took to answer.");
        _bytes = _meter.CreateCounter<long>("pipeline.store.bytes", "By", "Payload read from or written to a store.");
    }

    public void Record(string store, string operation, BlobStatus outcome, TimeSpan took, long bytes)
    {
        KeyValuePair<string, object?> storeTag = new("store", store);
        KeyValuePair<string, object?> operationTag = new("operation", operation);
        KeyValuePair<string, object?> outcomeTag = new("outcome", Word(outcome));
        _duration.Record(took.TotalSeconds, storeTag, operationTag, outcomeTag);
        if (bytes > 0)
        {
            _bytes.Add(bytes, storeTag, operationTag, outcomeTag);
        }
    }

    public void Dispose() => _meter.Dispose();

    private static string Word(BlobStatus outcome) => outcome switch
    {
        BlobStatus.Ok => "ok",
        BlobStatus.NotFound => "not-found",
        BlobStatus.Conflict => "conflict",
        BlobStatus.PositionMismatch => "position-mismatch",
        BlobStatus.Sealed => "sealed",
        BlobStatus.NoSpace => "no-space",
        BlobStatus.StoreLost => "store-lost",
        _ => "unavailable",
    };
}
