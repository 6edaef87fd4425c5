using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Directories;

/// <summary>
/// A store in a directory of a local or mounted file system (Linux). Durable by fsync, safe between processes by
/// flock, link and rename; see docs/decisions/0005-directory-store.md.
/// </summary>
public sealed class DirectoryStore : IBlobStore, IDisposable
{
    private readonly IoThreads _threads;
    private readonly DirectoryBlobs _blobs;
    private readonly AppendOperations _appends;

    internal DirectoryStore(string name, StoreId id, DirectoryBlobs blobs, IoThreads threads)
    {
        Name = name;
        Id = id;
        _blobs = blobs;
        _threads = threads;
        _appends = new AppendOperations(blobs);
    }

    public string Name { get; }

    public StoreId Id { get; }

    public ValueTask<BlobContent> GetAsync(BlobName name, CancellationToken cancellationToken) =>
        Start(() => _blobs.Get(name), cancellationToken);

    public ValueTask<BlobContent> GetRangeAsync(
        BlobName name, long position, int length, CancellationToken cancellationToken) =>
        Start(() => _blobs.GetRange(name, position, length), cancellationToken);

    public ValueTask<BlobOutcome> PutAsync(
        BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken) =>
        Start(() => _blobs.Put(name, content, condition), cancellationToken);

    public ValueTask<BlobOutcome> CreateAppendBlobAsync(BlobName name, CancellationToken cancellationToken) =>
        Start(() => _blobs.CreateAppendBlob(name), cancellationToken);

    public ValueTask<BlobOutcome> AppendAsync(
        BlobName name,
        long position,
        IReadOnlyList<ReadOnlyMemory<byte>> content,
        CancellationToken cancellationToken) =>
        _appends.Rent().Start(_threads, name, position, content, cancellationToken);

    public ValueTask<BlobOutcome> SealAsync(BlobName name, CancellationToken cancellationToken) =>
        Start(() => _blobs.Seal(name), cancellationToken);

    public ValueTask<BlobOutcome> DeleteAsync(BlobName name, CancellationToken cancellationToken) =>
        Start(() => _blobs.Delete(name), cancellationToken);

    public ValueTask<BlobListing> ListAsync(string prefix, CancellationToken cancellationToken) =>
        Start(() => _blobs.List(prefix), cancellationToken);

    public void Dispose() => _blobs.Dispose();

    private ValueTask<T> Start<T>(Func<T> body, CancellationToken cancellationToken)
    {
        var operation = new Operation<T>(body, cancellationToken);
        _threads.Enqueue(operation);
        return operation.Completion;
    }
}
