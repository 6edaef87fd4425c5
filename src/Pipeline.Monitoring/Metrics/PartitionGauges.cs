using System.Diagnostics.Metrics;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Engine;
using Pipeline.Storage.Metering;

namespace Pipeline.Monitoring.Metrics;

/// <summary>
/// Stores and partitions, as gauges of meter Pipeline.Engine. A front has them as it last asked; a silo has those that
/// it serves.
/// </summary>
public sealed class PartitionGauges : IDisposable
{
    public const string MeterName = "Pipeline.Engine";

    private readonly Meter _meter;
    private readonly Func<IEnumerable<(string Stream, PartitionStatus Status)>> _partitions;

    public PartitionGauges(
        MeterScope scope,
        Func<IEnumerable<StoreHealth>> stores,
        Func<IEnumerable<(string Stream, PartitionStatus Status)>> partitions)
    {
        (_meter, _partitions) = (scope.NewMeter(MeterName), partitions);
        _meter.CreateObservableGauge(
            "pipeline.store.voting", () => stores().Select(Voting), "1", "1 while the store votes.");
        _meter.CreateObservableGauge(
            "pipeline.store.healthy", () => stores().Select(Healthy), "1", "1 while it votes and answers.");
        Add("pipeline.partition.committed", "{event}", "End of the committed events.", s => s.Committed.Value);
        Add("pipeline.partition.bytes", "By", "Bytes kept, one copy.", static status => status.Bytes);
        Add("pipeline.partition.serving", "1", "1 while it takes events.", static status => status.IsServing ? 1 : 0);
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<int> Voting(StoreHealth store) =>
        new(store.IsVoting ? 1 : 0, new KeyValuePair<string, object?>("store", store.Slot));

    private static Measurement<int> Healthy(StoreHealth store) => new(
        store.IsVoting && store.Detail is null ? 1 : 0, new KeyValuePair<string, object?>("store", store.Slot));

    private void Add(string name, string unit, string help, Func<PartitionStatus, long> value) =>
        _meter.CreateObservableGauge(name, () => Read(value), unit, help);

    private IEnumerable<Measurement<long>> Read(Func<PartitionStatus, long> value) => _partitions().Select(known =>
        new Measurement<long>(
            value(known.Status), new("stream", known.Stream), new("partition", known.Status.Partition)));
}
