using System.Diagnostics.Metrics;
using Pipeline.Processing.Instances;
using Pipeline.Storage.Metering;

namespace Pipeline.Monitoring.Metrics;

/// <summary>How stages and sinks are, as gauges of meter Pipeline.Stages; read when somebody asks.</summary>
internal sealed class StageGauges : IDisposable
{
    public const string MeterName = "Pipeline.Stages";

    private readonly Meter _meter;
    private readonly WatermarkStalls _stalls = new();
    private readonly DeadLetterTotals _letters = new();
    private readonly WatchedEngine _watched;
    private readonly TimeProvider _time;

    public StageGauges(MeterScope scope, WatchedEngine watched, TimeProvider time)
    {
        (_meter, _watched, _time) = (scope.NewMeter(MeterName), watched, time);
        Add("pipeline.stage.lag_events", "{event}", "Events that the instance has not read yet.", s => s.LagEvents);
        Add("pipeline.stage.lag_time", "s", "How much newer the input's newest event is.", s => s.LagSeconds);
        Add("pipeline.stage.watermark_age", "s", "How far the watermark lies behind the clock.", s => Age(s.Watermark));
        Add("pipeline.stage.checkpoint_age", "s", "Age of the last checkpoint; 0 where it has all.", CheckpointAge);
        Add("pipeline.stage.checkpoint_size", "By", "Size of the last checkpoint's state.", s => s.CheckpointBytes);
        Add(
            "pipeline.stage.dead_letters", "{event}", "Events refused since the instance started.",
            static status => status.Counts.DeadLetters);
        Add(
            "pipeline.stage.failing", "1", "1 while it has failed, or waits for what does not answer.",
            static status => status.State is StageInstanceState.Failed or StageInstanceState.Blocked ? 1 : 0);
        _meter.CreateObservableGauge(
            "pipeline.stage.watermark_stall", () => _stalls.Read(Instances(), _time.GetUtcNow()), "s",
            "How long the watermark has stood still while events were read.");
        _meter.CreateObservableCounter(
            "pipeline.dead_letters", () => _letters.Read(Instances()), "{event}", "Events refused.");
    }

    public void Dispose() => _meter.Dispose();

    private double? CheckpointAge(StageInstanceStatus status) =>
        status.CheckpointCursor == status.Cursor ? 0 : Age(status.CheckpointTime);

    private double? Age(long? ticks) => ticks is null
        ? null
        : Math.Max(0, new TimeSpan(_time.GetUtcNow().UtcTicks - ticks.Value).TotalSeconds);

    private void Add(string name, string unit, string help, Func<StageInstanceStatus, double?> value) =>
        _meter.CreateObservableGauge(name, () => Read(value), unit, help);

    private IEnumerable<Measurement<double>> Read(Func<StageInstanceStatus, double?> value)
    {
        foreach (var (key, status) in Instances())
        {
            if (value(status) is { } now)
            {
                yield return new Measurement<double>(now, key.Tags);
            }
        }
    }

    private List<(StageKey Key, StageInstanceStatus Status)> Instances() =>
    [
        .. (_watched.TryGetPipelines(out var pipelines) ? pipelines.List() : []).SelectMany(static pipeline =>
            pipeline.Instances.Select(one => (new StageKey(pipeline.Name, one.Stage, one.Partition), one))),
    ];
}
