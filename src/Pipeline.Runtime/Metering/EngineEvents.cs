using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Scrubbing;
using Pipeline.Storage.Metering;

namespace Pipeline.Runtime.Metering;

/// <summary>
/// Counts what rarely happens (meter <c>Pipeline.Runtime</c>): a log taken over, a copy put right, an exception that
/// nobody expected. May be told from any thread.
/// </summary>
public sealed class EngineEvents : IDisposable
{
    public const string MeterName = "Pipeline.Runtime";

    private static readonly FindingKind[] Repairable =
        [FindingKind.Missing, FindingKind.Incomplete, FindingKind.Damaged];

    private readonly Meter _meter;

    /// <summary>Copies put right, by the store's name and what was wrong with them.</summary>
    private readonly ConcurrentDictionary<(string Store, FindingKind Kind), long> _repairs = new();
    private readonly Counter<long> _takeovers;

    /// <summary>From none on, so that a first fault shows as a rise.</summary>
    private readonly ConcurrentDictionary<string, long> _machineFaults = new()
    {
        ["log"] = 0,
        ["register"] = 0,
        ["stage"] = 0,
        ["sink"] = 0,
    };

    private readonly ConcurrentDictionary<string, long> _jobFaults = new() { ["loop"] = 0, ["scrub"] = 0 };

    /// <summary>When each store was looked at whole, or became known.</summary>
    private readonly ConcurrentDictionary<string, long> _scrubbed = new();

    private readonly TimeProvider _time;

    public EngineEvents(MeterScope scope, TimeProvider time)
    {
        (_meter, _time) = (scope.NewMeter(MeterName), time);
        _takeovers = _meter.CreateCounter<long>(
            "pipeline.partition.takeovers", "{takeover}", "Times that a partition's log was taken over here.");
        _meter.CreateObservableCounter(
            "pipeline.machine.faults",
            () => Measure(_machineFaults, "kind"),
            "{fault}",
            "Times that an exception stopped a driver: of a log or register, begun anew; of a stage or sink, failed.");
        _meter.CreateObservableCounter(
            "pipeline.job.faults",
            () => Measure(_jobFaults, "job"),
            "{fault}",
            "Times that an exception ended work in the background.");
        _meter.CreateObservableCounter(
            "pipeline.store.repairs",
            () => _repairs.Select(static pair => new Measurement<long>(
                pair.Value,
                new KeyValuePair<string, object?>("store", pair.Key.Store),
                new KeyValuePair<string, object?>("kind", NameOf(pair.Key.Kind)))),
            "{blob}",
            "Copies that were put right from the other stores: damaged, or not there or incomplete.");
        _meter.CreateObservableGauge(
            "pipeline.store.scrub_age",
            () => _scrubbed.Select(pair => new Measurement<double>(
                _time.GetElapsedTime(pair.Value).TotalSeconds, new KeyValuePair<string, object?>("store", pair.Key))),
            "s",
            "Since all of the store was read and compared, or since the start.");
    }

    /// <summary>Stores that there are: none of their copies has been put right, none of them looked at.</summary>
    public void Know(IEnumerable<string> stores)
    {
        foreach (var store in stores)
        {
            foreach (var kind in Repairable)
            {
                _repairs.TryAdd((store, kind), 0);
            }

            _scrubbed.TryAdd(store, _time.GetTimestamp());
        }
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
    public void Take(Fault fault) => (fault.Source == FaultSource.Machine ? _machineFaults : _jobFaults)
        .AddOrUpdate(fault.Kind, 1, static (_, before) => before + 1);

    /// <summary>A round of scrubbing, or the filling of a store that rejoined, is over.</summary>
    public void Take(VerifyReport report)
    {
        foreach (var store in report.Stores)
        {
            foreach (var kind in Repairable)
            {
                var repaired = report.Findings.Count(
                    found => found.IsRepaired && found.Store == store && found.Kind == kind);
                _repairs.AddOrUpdate((store, kind), repaired, (_, before) => before + repaired);
            }

            _scrubbed[store] = _time.GetTimestamp();
        }
    }

    public void Dispose() => _meter.Dispose();

    private static string NameOf(FindingKind kind) => kind switch
    {
        FindingKind.Missing => "missing",
        FindingKind.Incomplete => "incomplete",
        _ => "damaged",
    };

    private static IEnumerable<Measurement<long>> Measure(ConcurrentDictionary<string, long> counts, string tag) =>
        counts.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>(tag, pair.Key)));
}
