using Pipeline.Storage.Blobs;

namespace Pipeline.Simulation.Stores;

/// <summary>No world between process and disk: each request is done at once; any thread may send it.</summary>
public sealed class ImmediateLink(SimulatedDisk disk) : IStoreLink
{
    private readonly Lock _lock = new();

    public SimulatedDisk Disk { get; } = disk;

    public ValueTask<T> CallAsync<T>(
        StoreCall call,
        Func<T> apply,
        Action<Random>? tear,
        Func<BlobStatus, string, T> refuse,
        Func<T, BlobStatus> status,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return ValueTask.FromResult(apply());
        }
    }
}
