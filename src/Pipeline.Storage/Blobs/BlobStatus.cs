namespace Pipeline.Storage.Blobs;

/// <summary>
/// How an operation on a store ended: expected outcomes are values, graded by what the caller must do.
/// </summary>
public enum BlobStatus
{
    /// <summary>Done, and durable.</summary>
    Ok,

    /// <summary>No such blob. Nothing was written.</summary>
    NotFound,

    /// <summary>If-Match or If-None-Match did not hold. Nothing was written.</summary>
    Conflict,

    /// <summary>The blob's length is not the expected position. Nothing was written.</summary>
    PositionMismatch,

    /// <summary>The blob is sealed. Nothing counts as written.</summary>
    Sealed,

    /// <summary>No room, or not writable for now. Nothing was written; the same bytes may be tried later.</summary>
    NoSpace,

    /// <summary>Time-out, transport or server fault: the outcome is unknown. Try the same operation again.</summary>
    Unavailable,

    /// <summary>
    /// The store is gone for this incarnation: another identity, its directory or container vanished, or a failed
    /// fsync. It must not vote or count again before it has rejoined.
    /// </summary>
    StoreLost,
}
