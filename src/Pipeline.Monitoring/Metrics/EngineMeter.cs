using System.Diagnostics.Metrics;
using Pipeline.Storage.Metering;

namespace Pipeline.Monitoring.Metrics;

/// <summary>What the engine's snapshots say, as gauges; read when somebody asks.</summary>
internal sealed class EngineMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly PartitionGauges _partitions;
    private readonly StageGauges _stages;

    public EngineMeter(MeterScope scope, WatchedEngine watched, Func<long> memoryInUse)
    {
        _meter = scope.NewMeter(PartitionGauges.MeterName);
        _meter.CreateObservableGauge(
            "pipeline.accepting", () => watched.Engine.Health.IsAccepting ? 1 : 0, "1", "1 while events are accepted.");
        _meter.CreateObservableGauge(
            "pipeline.ingest.memory", memoryInUse, "By", "Memory taken by requests.");
        _partitions = new PartitionGauges(
            scope,
            () => watched.Engine.Health.Stores,
            () => !watched.TryGetStreams(out var streams) ? [] : streams.List().SelectMany(static stream =>
                stream.Partitions.Select(partition => (stream.Name.Value, partition.Status))));
        _stages = new StageGauges(scope, watched, TimeProvider.System);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _partitions.Dispose();
        _stages.Dispose();
    }
}
