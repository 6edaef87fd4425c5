using Pipeline.Kernel.Identity;

namespace Pipeline.Storage.Blobs;

/// <summary>
/// Where a store is configured to be: finds out what lies there, formats it, opens it. Only
/// <see cref="IdentifyAsync"/> ever creates the directory or container.
/// </summary>
public interface IStoreSlot
{
    /// <summary>The slot's configured name.</summary>
    string Name { get; }

    ValueTask<StoreProbe> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Makes a blank slot a store with this identity and no mark; Conflict where it has one already.</summary>
    ValueTask<BlobOutcome> IdentifyAsync(StoreId id, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a new incarnation in the place of a foreign or damaged one (<paramref name="former"/> as probed): no mark,
    /// no blob. What the former one held is left aside, out of reach. Conflict where another identity lies there.
    /// </summary>
    ValueTask<BlobOutcome> ReplaceIdentityAsync(StoreId former, StoreId id, CancellationToken cancellationToken);

    /// <summary>Writes the mark on a store with this identity; idempotent.</summary>
    ValueTask<BlobOutcome> MarkFormattedAsync(StoreId id, CancellationToken cancellationToken);

    /// <summary>Opens the store that carries <paramref name="id"/>; does no I/O by itself.</summary>
    IBlobStore Open(StoreId id);
}
