using Microsoft.Extensions.Logging;
using Pipeline.Monitoring.Metrics;
using Pipeline.Replication.Loops;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Metering;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Metering;

namespace Pipeline.Http.Telemetry;

/// <summary>
/// What every host that opens stores measures and logs of its engine: each store operation, takeovers, repairs, what
/// happens to partitions.
/// </summary>
public sealed class EngineTelemetry : IDisposable
{
    private readonly StoreMeter _stores;
    private readonly EngineEvents _events;
    private DiskGauges? _disks;
    private PartitionLog? _log;
    private FaultLog? _faults;

    public EngineTelemetry()
    {
        _stores = new StoreMeter(Scope);
        _events = new EngineEvents(Scope, TimeProvider.System);
        Supervisor = new Supervisor(fault =>
        {
            _events.Take(fault);
            _faults?.Log(fault);
        });
    }

    /// <summary>For all that the host measures.</summary>
    public MeterScope Scope { get; } = new();

    /// <summary>For all loops of the host: counts and logs what nobody expected.</summary>
    public Supervisor Supervisor { get; }

    /// <summary>What happens to partitions, and what nobody expected, is logged from now on.</summary>
    public void LogTo(ILoggerFactory loggers)
    {
        _log = new PartitionLog(loggers);
        _faults = new FaultLog(loggers);
    }

    /// <summary>The room on their disks is measured from now on, and their counters begin with none.</summary>
    public void Watch(IReadOnlyList<IStoreSlot> slots)
    {
        _disks ??= new DiskGauges(Scope, slots);
        _events.Know(slots.Select(static slot => slot.Name));
    }

    /// <summary>The same host, observed.</summary>
    public EngineHost Observe(EngineHost host) => host with
    {
        Slots = [.. host.Slots.Select(slot => new MeteredSlot(slot, _stores, TimeProvider.System))],
        OnPartition = host.OnPartition + (notice =>
        {
            _events.Take(notice);
            _log?.Log(notice);
        }),
        OnScrub = host.OnScrub + _events.Take,
    };

    public void Dispose()
    {
        _stores.Dispose();
        _events.Dispose();
        _disks?.Dispose();
    }
}
