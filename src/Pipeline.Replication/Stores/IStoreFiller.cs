using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Stores;

/// <summary>
/// Copies, from the voting stores, what a new incarnation must hold besides registers before it votes.
/// </summary>
public interface IStoreFiller
{
    /// <summary>
    /// What still needs what is gone of a store, so that its place must not be filled; null: nothing does.
    /// </summary>
    ValueTask<string?> NeedsAsync(StoreId former);

    /// <summary>Null: everything is there and verified. Else what kept it from that; called again later.</summary>
    ValueTask<string?> FillAsync(IBlobStore target, CancellationToken cancellationToken);
}
