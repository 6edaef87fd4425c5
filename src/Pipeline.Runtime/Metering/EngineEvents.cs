using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Partitions;
using Pipeline.Runtime.Scrubbing;

namespace Pipeline.Runtime.Metering;

/// <summary>
/// Counts what rarely happens (meter <c>Pipeline.Runtime</c>): a log taken over, a copy put right, an exception that
/// nobody expected. May be told from any thread.
/// </summary>
public sealed class EngineEvents : IDisposable
{
    public const string MeterName = "Pipeline.Runtime";

    private readonly Meter _meter = new(MeterName);
    private readonly ConcurrentDictionary<string, long> _repairs = new();
    private readonly Counter<long> _takeovers;
    private readonly Counter<long> _machineFaults;
    private readonly Counter<long> _jobFaults;

    public EngineEvents()
    {
        _takeovers = _meter.CreateCounter<long>(
            "pipeline.partition.takeovers", "{takeover}", "Times that a partition's log was taken over here.");
        _machineFaults = _meter.CreateCounter<long>(
            "pipeline.machine.faults", "{fault}", "Times that an exception stopped a driver, which is begun anew.");
        _jobFaults = _meter.CreateCounter<long>(
            "pipeline.job.faults", "{fault}", "Times that an exception ended work in the background.");
        _meter.CreateObservableCounter(
            "pipeline.store.repairs", Repairs, "{blob}", "Copies that were put right from the other stores.");
    }

    public void Take(PartitionNotice notice)
    {
        if (notice.Event == PartitionEvent.Serving)
        {
            _takeovers.Add(
                1, new("stream", notice.Partition.Stream.Value), new("partition", notice.Partition.Index));
        }
    }

    /// <summary>Something failed that nobody expected.</summary>
    public void Take(Fault fault)
    {
        if (fault.Source == FaultSource.Machine)
        {
            _machineFaults.Add(1, new KeyValuePair<string, object?>("kind", fault.Kind));
        }
        else
        {
            _jobFaults.Add(1, new KeyValuePair<string, object?>("job", fault.Kind));
        }
    }

    /// <summary>A round of scrubbing, or the filling of a store that rejoined, is over.</summary>
    public void Take(VerifyReport report)
    {
        foreach (var store in report.Stores)
        {
            var repaired = report.Findings.Count(found => found.IsRepaired && found.Store == store);
            _repairs.AddOrUpdate(store, repaired, (_, before) => before + repaired);
        }
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Repairs() => _repairs.Select(static pair =>
        new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("store", pair.Key)));
}
