using System.Diagnostics.Metrics;
using Pipeline.Http.Engine;

namespace Pipeline.Http.Metrics;

/// <summary>What the engine's snapshots say, as gauges; read when somebody asks.</summary>
internal sealed class EngineMeter : IDisposable
{
    private readonly Meter _meter = new(PartitionGauges.MeterName);
    private readonly PartitionGauges _partitions;
    private readonly StageGauges _stages;

    public EngineMeter(EngineAccess access, IngestBudgets budgets)
    {
        _meter.CreateObservableGauge(
            "pipeline.accepting", () => access.Engine.Health.IsAccepting ? 1 : 0, "1", "1 while events are accepted.");
        _meter.CreateObservableGauge(
            "pipeline.ingest.memory", () => budgets.Memory.InUse, "By", "Memory taken by requests.");
        _partitions = new PartitionGauges(
            () => access.Engine.Health.Stores,
            () => !access.TryGetStreams(out var streams, out _) ? [] : streams.List().SelectMany(static stream =>
                stream.Partitions.Select(partition => (stream.Name.Value, partition.Status))));
        _stages = new StageGauges(access, TimeProvider.System);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _partitions.Dispose();
        _stages.Dispose();
    }
}
