using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Scrubbing;

/// <summary>What can be wrong with a store or with one blob on it.</summary>
public enum FindingKind
{
    /// <summary>The store's contents are gone, or in doubt: it rejoins.</summary>
    StoreLost,

    /// <summary>The store does not answer.</summary>
    StoreUnavailable,

    /// <summary>A register, segment or other blob that this store should hold is not there.</summary>
    Missing,

    /// <summary>
    /// A segment's copy that is right and ends too early: the store was away or slow while the others went on, or it
    /// lost its end.
    /// </summary>
    Incomplete,

    /// <summary>It is there, with other bytes than it must have.</summary>
    Damaged,

    /// <summary>It cannot be read now.</summary>
    Unreadable,

    /// <summary>No majority agrees on a register, or no store has a closed segment whole: a person must look.</summary>
    Lost,

    /// <summary>A blob that nothing names any more; it only takes room.</summary>
    Orphan,
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Store">The slot's name; empty where it concerns all stores.</param>
/// <param name="Blob">The blob; default where it concerns the store.</param>
/// <param name="Detail">For people.</param>
public sealed record Finding(FindingKind Kind, string Store, BlobName Blob, string? Detail = null)
{
    /// <summary>Whether it was put right on the spot.</summary>
    public bool IsRepaired { get; init; }

    /// <summary>Whether the stores still differ because of it in what they must hold.</summary>
    public bool IsDamage => Kind is not FindingKind.Orphan && !IsRepaired;

    public override string ToString() =>
        $"{(Store.Length == 0 ? "all stores" : $"store {Store}")}: {Blob}{(Blob.Value is null ? "" : " ")}"
        + $"{Kind switch
        {
            FindingKind.StoreLost => "contents are gone",
            FindingKind.StoreUnavailable => "does not answer",
            FindingKind.Missing => "is missing",
            FindingKind.Incomplete => "is incomplete",
            FindingKind.Damaged => "is damaged",
            FindingKind.Unreadable => "cannot be read",
            FindingKind.Lost => "is lost on a majority",
            _ => "is named by nothing",
        }}{(Detail is null ? "" : $" ({Detail})")}{(IsRepaired ? ", repaired" : "")}";
}
