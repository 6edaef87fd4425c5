using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Silo.Hosting;

/// <summary>A slot that is disposed of with all stores that were opened from it: their files and threads.</summary>
internal sealed class OwnedSlot(IStoreSlot inner) : IStoreSlot, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _opened = [];

    public string Name => inner.Name;

    public ValueTask<StoreProbe> ProbeAsync(CancellationToken cancellationToken) => inner.ProbeAsync(cancellationToken);

    public ValueTask<BlobOutcome> IdentifyAsync(StoreId id, CancellationToken cancellationToken) =>
        inner.IdentifyAsync(id, cancellationToken);

    public ValueTask<BlobOutcome> ReplaceIdentityAsync(
        StoreId former, StoreId id, CancellationToken cancellationToken) =>
        inner.ReplaceIdentityAsync(former, id, cancellationToken);

    public ValueTask<BlobOutcome> MarkFormattedAsync(StoreId id, CancellationToken cancellationToken) =>
        inner.MarkFormattedAsync(id, cancellationToken);

    public IBlobStore Open(StoreId id)
    {
        var store = inner.Open(id);
        if (store is IDisposable disposable)
        {
            lock (_gate)
            {
                _opened.Add(disposable);
            }
        }

        return store;
    }

    public void Dispose()
    {
        (inner as IDisposable)?.Dispose();
        lock (_gate)
        {
            _opened.ForEach(static store => store.Dispose());
            _opened.Clear();
        }
    }
}
