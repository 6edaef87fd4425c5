using System.Diagnostics.Metrics;
using Pipeline.Http.Hosting;
using Pipeline.Runtime.Partitions;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Http.Metrics;

/// <summary>What the engine's snapshots say, as gauges of meter Pipeline.Engine; read when somebody asks.</summary>
internal sealed class EngineMeter : IDisposable
{
    public const string MeterName = "Pipeline.Engine";

    private readonly Meter _meter = new(MeterName);
    private readonly EngineAccess _access;

    public EngineMeter(EngineAccess access, IngestBudgets budgets)
    {
        _access = access;
        _meter.CreateObservableGauge(
            "pipeline.accepting", () => access.Engine.Health.IsAccepting ? 1 : 0, null, "1 while events are accepted.");
        _meter.CreateObservableGauge("pipeline.store.voting", Stores, null, "1 while the store votes.");
        _meter.CreateObservableGauge(
            "pipeline.ingest.memory", () => budgets.Memory.InUse, "By", "Memory taken by requests.");
        Partition("pipeline.partition.committed", null, "End of the committed events.", s => s.Committed.Value);
        Partition("pipeline.partition.bytes", "By", "Bytes kept, one copy.", static status => status.Bytes);
        Partition("pipeline.partition.serving", null, "1 while it takes events.", s => s.IsServing ? 1 : 0);
        Stage("pipeline.stage.lag_events", "Events that the instance has not read yet.", i => i.LagEvents);
        Stage(
            "pipeline.stage.dead_letters", "Events refused since the instance started here.",
            static instance => instance.Counts.DeadLetters);
    }

    public void Dispose() => _meter.Dispose();

    private void Partition(string name, string? unit, string help, Func<PartitionStatus, long> value) =>
        _meter.CreateObservableGauge(name, () => Partitions(value), unit, help);

    private void Stage(string name, string help, Func<StageInstanceStatus, long> value) =>
        _meter.CreateObservableGauge(name, () => Instances(value), null, help);

    private IEnumerable<Measurement<int>> Stores() => _access.Engine.Health.Stores.Select(static store =>
        new Measurement<int>(store.IsVoting ? 1 : 0, new KeyValuePair<string, object?>("store", store.Slot)));

    private IEnumerable<Measurement<long>> Partitions(Func<PartitionStatus, long> value) =>
        !_access.TryGetStreams(out var streams, out _) ? [] : streams.List().SelectMany(stream =>
            stream.Partitions.Select(partition => new Measurement<long>(
                value(partition.Status),
                new("stream", stream.Name),
                new("partition", partition.Status.Partition))));

    private IEnumerable<Measurement<long>> Instances(Func<StageInstanceStatus, long> value) =>
        !_access.TryGetPipelines(out var pipelines, out _) ? [] : pipelines.List().SelectMany(pipeline =>
            pipeline.Instances.Select(instance => new Measurement<long>(
                value(instance),
                new("pipeline", pipeline.Name),
                new("stage", instance.Stage),
                new("partition", instance.Partition))));
}
