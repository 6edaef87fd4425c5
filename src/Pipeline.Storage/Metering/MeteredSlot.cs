using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Metering;

/// <summary>A slot whose stores are measured.</summary>
public sealed class MeteredSlot(IStoreSlot inner, StoreMeter meter, TimeProvider time) : IStoreSlot
{
    public string Name => inner.Name;

    public ValueTask<StoreProbe> ProbeAsync(CancellationToken cancellationToken) => inner.ProbeAsync(cancellationToken);

    public ValueTask<BlobOutcome> IdentifyAsync(StoreId id, CancellationToken cancellationToken) =>
        inner.IdentifyAsync(id, cancellationToken);

    public ValueTask<BlobOutcome> ReplaceIdentityAsync(
        StoreId former, StoreId id, CancellationToken cancellationToken) =>
        inner.ReplaceIdentityAsync(former, id, cancellationToken);

    public ValueTask<BlobOutcome> MarkFormattedAsync(StoreId id, CancellationToken cancellationToken) =>
        inner.MarkFormattedAsync(id, cancellationToken);

    public IBlobStore Open(StoreId id) => new MeteredStore(inner.Open(id), meter, time);
}
