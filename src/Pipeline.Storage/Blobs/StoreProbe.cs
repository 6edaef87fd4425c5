using Pipeline.Kernel.Identity;

namespace Pipeline.Storage.Blobs;

/// <summary>What lies where a store is configured.</summary>
public enum StoreCondition
{
    /// <summary>Nothing there: no directory or container, or one without an identity.</summary>
    Blank,

    /// <summary>It has an identity, but no mark that formatting went through on all stores.</summary>
    Identified,

    /// <summary>It has an identity and the mark.</summary>
    Formatted,

    /// <summary>
    /// Its identity is damaged (then <see cref="StoreProbe.Id"/> is 0), or a failed fsync left it in doubt: only
    /// <see cref="IStoreSlot.ReplaceIdentityAsync"/> makes it a store again, of a new incarnation.
    /// </summary>
    Damaged,

    /// <summary>Written by a newer version of this program.</summary>
    Newer,

    /// <summary>It does not answer, or its identity cannot be read.</summary>
    Unavailable,
}

/// <summary>The outcome of a probe.</summary>
/// <param name="Condition">What lies there.</param>
/// <param name="Id">Its identity; only when Identified or Formatted.</param>
/// <param name="Detail">For people.</param>
public readonly record struct StoreProbe(StoreCondition Condition, StoreId Id = default, string? Detail = null);
