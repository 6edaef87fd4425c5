using Pipeline.Definitions.Planning;
using Pipeline.Monitoring.Metrics;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;

namespace Pipeline.Monitoring.History;

/// <summary>Puts into the history how things are now, and how fast they changed since the last time.</summary>
internal sealed class HistorySampler(
    WatchedEngine watched, IngestMetrics metrics, HistoryRing ring, TimeProvider time)
{
    private readonly long[] _latency = new long[LatencyBuckets.Count];
    private readonly long[] _latencyBefore = new long[LatencyBuckets.Count];
    private Dictionary<string, long> _ends = [];
    private long? _last;
    private long _events;
    private long _bytes;

    public void Sample()
    {
        var now = time.GetTimestamp();
        var seconds = _last is { } last ? time.GetElapsedTime(last, now).TotalSeconds : double.NaN;
        _last = now;
        var values = new List<(HistorySeries, double)>();
        TakeIngest(values, seconds);
        TakeStores(values);
        TakeStreams(values, seconds);
        TakePipelines(values);
        ring.Put(HistoryRing.SlotOf(time.GetUtcNow()), values);
    }

    private void TakeIngest(List<(HistorySeries, double)> values, double seconds)
    {
        var (events, bytes) = (metrics.Tally.Events, metrics.Tally.Bytes);
        metrics.Tally.Latency.CopyTo(_latency);
        values.Add((HistorySeries.Accepted, (events - _events) / seconds));
        values.Add((HistorySeries.Bytes, (bytes - _bytes) / seconds));
        if (!double.IsNaN(seconds))
        {
            values.Add((HistorySeries.LatencyP50, LatencyBuckets.Quantile(_latencyBefore, _latency, 0.5)));
            values.Add((HistorySeries.LatencyP99, LatencyBuckets.Quantile(_latencyBefore, _latency, 0.99)));
        }

        _latency.CopyTo(_latencyBefore, 0);
        (_events, _bytes) = (events, bytes);
    }

    private void TakeStores(List<(HistorySeries, double)> values)
    {
        if (watched.Engine.State == EngineState.Running)
        {
            values.Add((HistorySeries.Stores, watched.Engine.Health.Stores.Count(
                static store => store.IsVoting && store.Detail is null)));
        }
    }

    private void TakeStreams(List<(HistorySeries, double)> values, double seconds)
    {
        if (!watched.TryGetStreams(out var streams))
        {
            return;
        }

        var ends = new Dictionary<string, long>();
        long appended = 0;
        long letters = 0;
        foreach (var stream in streams.List())
        {
            var isLetters = IsDeadLetters(stream);
            if (!isLetters && !stream.Definition.IsIngest)
            {
                continue;
            }

            var end = stream.Partitions.Sum(static partition => partition.Status.Committed.Value);
            ends[stream.Name.Value] = end;
            var more = _ends.TryGetValue(stream.Name.Value, out var before) ? Math.Max(0, end - before) : 0;
            (appended, letters) = isLetters ? (appended, letters + more) : (appended + more, letters);
        }

        _ends = ends;
        values.Add((HistorySeries.Appended, appended / seconds));
        values.Add((HistorySeries.DeadLetters, letters / seconds));
    }

    private void TakePipelines(List<(HistorySeries, double)> values)
    {
        if (!watched.TryGetPipelines(out var pipelines))
        {
            return;
        }

        var lags = pipelines.List().Where(static pipeline => pipeline.Instances.Count > 0)
            .Select(static pipeline =>
                (HistorySeries.LagOf(pipeline.Name), (double)pipeline.Instances.Sum(static one => one.LagEvents)))
            .ToList();
        values.Add((HistorySeries.Lag, lags.Sum(static lag => lag.Item2)));
        values.AddRange(lags);
    }

    private static bool IsDeadLetters(IStream stream) => stream.Definition.Pipeline is { } pipeline
        && stream.Name == PipelinePlan.DeadLetters(pipeline);
}
