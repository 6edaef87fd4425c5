using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Simulation.Stores;

/// <summary>A slot as one process sees it over its link.</summary>
public sealed class SimulatedSlot(IStoreLink link) : IStoreSlot
{
    public string Name => link.Disk.Name;

    public ValueTask<StoreProbe> ProbeAsync(CancellationToken cancellationToken) => link.CallAsync(
        new StoreCall(StoreCallKind.Probe),
        link.Disk.Probe,
        null,
        static (_, detail) => new StoreProbe(StoreCondition.Unavailable, Detail: detail),
        static probe => probe.Condition == StoreCondition.Unavailable ? BlobStatus.Unavailable : BlobStatus.Ok,
        cancellationToken);

    public ValueTask<BlobOutcome> IdentifyAsync(StoreId id, CancellationToken cancellationToken) =>
        WriteAsync(StoreCallKind.Identify, () => link.Disk.Identify(id), cancellationToken);

    public ValueTask<BlobOutcome> ReplaceIdentityAsync(
        StoreId former, StoreId id, CancellationToken cancellationToken) =>
        WriteAsync(StoreCallKind.Identify, () => link.Disk.ReplaceIdentity(former, id), cancellationToken);

    public ValueTask<BlobOutcome> MarkFormattedAsync(StoreId id, CancellationToken cancellationToken) =>
        WriteAsync(StoreCallKind.Mark, () => link.Disk.MarkFormatted(id), cancellationToken);

    public IBlobStore Open(StoreId id) => new SimulatedStore(id, link);

    private ValueTask<BlobOutcome> WriteAsync(
        StoreCallKind kind, Func<BlobOutcome> apply, CancellationToken cancellationToken) => link.CallAsync(
            new StoreCall(kind), apply, null, SimulatedStore.Refuse, SimulatedStore.StatusOf, cancellationToken);
}
