using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.TestKit.Replicas;

/// <summary>A store that does what another one does.</summary>
public abstract class DelegatingStore(IBlobStore store) : IBlobStore
{
    public virtual string Name => store.Name;

    public StoreId Id => store.Id;

    public virtual ValueTask<BlobContent> GetAsync(BlobName name, CancellationToken cancellationToken) =>
        store.GetAsync(name, cancellationToken);

    public virtual ValueTask<BlobContent> GetRangeAsync(
        BlobName name, long position, int length, CancellationToken cancellationToken) =>
        store.GetRangeAsync(name, position, length, cancellationToken);

    public virtual ValueTask<BlobOutcome> PutAsync(
        BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        store.PutAsync(name, content, condition, cancellationToken);

    public virtual ValueTask<BlobOutcome> CreateAppendBlobAsync(BlobName name, CancellationToken cancellationToken) =>
        store.CreateAppendBlobAsync(name, cancellationToken);

    public virtual ValueTask<BlobOutcome> AppendAsync(
        BlobName name,
        long position,
        IReadOnlyList<ReadOnlyMemory<byte>> content,
        CancellationToken cancellationToken) => store.AppendAsync(name, position, content, cancellationToken);

    public virtual ValueTask<BlobOutcome> SealAsync(BlobName name, CancellationToken cancellationToken) =>
        store.SealAsync(name, cancellationToken);

    public virtual ValueTask<BlobOutcome> DeleteAsync(BlobName name, CancellationToken cancellationToken) =>
        store.DeleteAsync(name, cancellationToken);

    public virtual ValueTask<BlobListing> ListAsync(string prefix, CancellationToken cancellationToken) =>
        store.ListAsync(prefix, cancellationToken);
}
