using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Directories;

/// <summary>A directory where a store is, or is to be. Owns the I/O threads of the stores opened from it.</summary>
public sealed class DirectorySlot : IStoreSlot, IDisposable
{
    private readonly string _root;
    private readonly DirectoryStoreOptions _options;
    private readonly IoThreads _threads;

    public DirectorySlot(string name, string path, DirectoryStoreOptions? options = null)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Directory stores need Linux (flock, fdatasync, link, statx).");
        }

        Name = name;
        _root = Path.GetFullPath(path);
        _options = options ?? new DirectoryStoreOptions();
        _threads = new IoThreads(name, _options.Threads);
    }

    public string Name { get; }

    /// <summary>The directory, absolute.</summary>
    public string Root => _root;

    public ValueTask<StoreProbe> ProbeAsync(CancellationToken cancellationToken) => Start(
        () => Guarded(
            () => StoreFiles.Probe(_root),
            static error => new StoreProbe(StoreCondition.Unavailable, default, error)),
        cancellationToken);

    public ValueTask<BlobOutcome> IdentifyAsync(StoreId id, CancellationToken cancellationToken) =>
        Start(() => Outcome(() => StoreFiles.Identify(_root, id, _options.Ballast)), cancellationToken);

    public ValueTask<BlobOutcome> ReplaceIdentityAsync(
        StoreId former, StoreId id, CancellationToken cancellationToken) =>
        Start(() => Outcome(() => StoreFiles.Replace(_root, former, id, _options.Ballast)), cancellationToken);

    public ValueTask<BlobOutcome> MarkFormattedAsync(StoreId id, CancellationToken cancellationToken) =>
        Start(() => Outcome(() => StoreFiles.Mark(_root, id)), cancellationToken);

    public IBlobStore Open(StoreId id) =>
        new DirectoryStore(Name, id, new DirectoryBlobs(_root, id, _options.Ballast), _threads);

    public void Dispose() => _threads.Dispose();

    private static BlobOutcome Outcome(Func<BlobOutcome> body)
    {
        try
        {
            return body();
        }
        catch (PosixException failed)
        {
            return new BlobOutcome(Errno.Grade(failed.Errno), Detail: failed.Message);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return new BlobOutcome(BlobStatus.NoSpace, Detail: failed.Message);
        }
    }

    private static T Guarded<T>(Func<T> body, Func<string, T> otherwise)
    {
        try
        {
            return body();
        }
        catch (PosixException failed)
        {
            return otherwise(failed.Message);
        }
    }

    private ValueTask<T> Start<T>(Func<T> body, CancellationToken cancellationToken)
    {
        var operation = new Operation<T>(body, cancellationToken);
        _threads.Enqueue(operation);
        return operation.Completion;
    }
}
