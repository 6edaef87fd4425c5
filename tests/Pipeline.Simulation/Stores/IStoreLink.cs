using Pipeline.Storage.Blobs;

namespace Pipeline.Simulation.Stores;

/// <summary>The way from a process to a disk and back: at once, or over the simulated world with its faults.</summary>
public interface IStoreLink
{
    SimulatedDisk Disk { get; }

    /// <summary>
    /// Carries a request to the disk and its answer back. <paramref name="apply"/> does it on the disk;
    /// <paramref name="tear"/>, of an append, does the part of it that a crash left behind;
    /// <paramref name="refuse"/> makes the answer for a request that was not, or not surely, done.
    /// </summary>
    ValueTask<T> CallAsync<T>(
        StoreCall call,
        Func<T> apply,
        Action<Random>? tear,
        Func<BlobStatus, string, T> refuse,
        Func<T, BlobStatus> status,
        CancellationToken cancellationToken);
}
