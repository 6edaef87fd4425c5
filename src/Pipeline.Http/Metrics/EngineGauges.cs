using System.Globalization;
using System.Text;
using Pipeline.Http.Hosting;

namespace Pipeline.Http.Metrics;

/// <summary>What the engine's snapshots say, as gauges.</summary>
internal sealed class EngineGauges(EngineAccess access, IngestBudgets budgets)
{
    public void Write(StringBuilder to)
    {
        var health = access.Engine.Health;
        Head(to, "pipeline_accepting", "1 while events are accepted.");
        MeterSeries.Line(to, "pipeline_accepting", "", health.IsAccepting ? 1 : 0);
        Head(to, "pipeline_store_voting", "1 while the store votes.");
        foreach (var store in health.Stores)
        {
            MeterSeries.Line(to, "pipeline_store_voting", $"store=\"{store.Slot}\"", store.IsVoting ? 1 : 0);
        }

        Head(to, "pipeline_ingest_memory_bytes", "Memory taken by requests.");
        MeterSeries.Line(to, "pipeline_ingest_memory_bytes", "", budgets.Memory.InUse);
        if (access.TryGetStreams(out _, out _))
        {
            WritePartitions(to);
            WriteInstances(to);
        }
    }

    private static void Head(StringBuilder to, string name, string help) =>
        to.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n");

    private void WritePartitions(StringBuilder to)
    {
        var partitions = access.Engine.Streams.List()
            .SelectMany(s => s.Partitions.Select(p => (s.Name, p.Status)))
            .Select(p => (Labels: $"stream=\"{p.Name}\",partition=\"{p.Status.Partition}\"", p.Status))
            .ToList();
        Head(to, "pipeline_partition_committed", "End of the committed events.");
        foreach (var (labels, status) in partitions)
        {
            MeterSeries.Line(to, "pipeline_partition_committed", labels, status.Committed.Value);
        }

        Head(to, "pipeline_partition_bytes", "Bytes kept, one copy.");
        foreach (var (labels, status) in partitions)
        {
            MeterSeries.Line(to, "pipeline_partition_bytes", labels, status.Bytes);
        }
    }

    private void WriteInstances(StringBuilder to)
    {
        var instances = access.Engine.Pipelines.List()
            .SelectMany(p => p.Instances.Select(i => (p.Name, Instance: i)))
            .Select(i => (
                Labels: $"pipeline=\"{i.Name}\",stage=\"{i.Instance.Stage}\",partition=\"{i.Instance.Partition}\"",
                i.Instance))
            .ToList();
        Head(to, "pipeline_stage_lag_events", "Events that the instance has not read yet.");
        foreach (var (labels, instance) in instances)
        {
            MeterSeries.Line(to, "pipeline_stage_lag_events", labels, instance.LagEvents);
        }

        Head(to, "pipeline_stage_dead_letters", "Events refused since the instance started here.");
        foreach (var (labels, instance) in instances)
        {
            MeterSeries.Line(to, "pipeline_stage_dead_letters", labels, instance.Counts.DeadLetters);
        }
    }
}
