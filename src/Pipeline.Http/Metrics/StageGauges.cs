using System.Diagnostics.Metrics;
using Pipeline.Http.Engine;
using Pipeline.Runtime.Instances;

namespace Pipeline.Http.Metrics;

/// <summary>How stages and sinks are, as gauges of meter Pipeline.Stages; read when somebody asks.</summary>
internal sealed class StageGauges : IDisposable
{
    public const string MeterName = "Pipeline.Stages";

    private readonly Meter _meter = new(MeterName);
    private readonly EngineAccess _access;
    private readonly TimeProvider _time;

    public StageGauges(EngineAccess access, TimeProvider time)
    {
        (_access, _time) = (access, time);
        Add("pipeline.stage.lag_events", "{event}", "Events that the instance has not read yet.", s => s.LagEvents);
        Add("pipeline.stage.lag_time", "s", "How much newer the input's newest event is.", s => s.LagSeconds);
        Add("pipeline.stage.watermark_age", "s", "How far the watermark lies behind the clock.", s => Age(s.Watermark));
        Add("pipeline.stage.checkpoint_age", "s", "Age of the last checkpoint; 0 where it has all.", CheckpointAge);
        Add("pipeline.stage.checkpoint_size", "By", "Size of the last checkpoint's state.", s => s.CheckpointBytes);
        Add(
            "pipeline.stage.dead_letters", "{event}", "Events refused since the instance started.",
            static status => status.Counts.DeadLetters);
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
        var all = _access.TryGetPipelines(out var pipelines, out _) ? pipelines.List() : [];
        foreach (var pipeline in all)
        {
            foreach (var instance in pipeline.Instances)
            {
                if (value(instance) is { } now)
                {
                    yield return new Measurement<double>(
                        now,
                        new("pipeline", pipeline.Name),
                        new("stage", instance.Stage),
                        new("partition", instance.Partition));
                }
            }
        }
    }
}
