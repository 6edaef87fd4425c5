namespace Pipeline.Kernel.Logs;

/// <summary>How a store operation ended, as the kernel sees it.</summary>
public enum StoreReply : byte
{
    Ok,

    /// <summary>The blob does not exist.</summary>
    NotFound,

    /// <summary>The blob exists (create), or another version of it.</summary>
    Conflict,

    /// <summary>The blob's length is not the expected position.</summary>
    PositionMismatch,

    /// <summary>The blob is sealed: somebody took over.</summary>
    Sealed,

    /// <summary>Nothing was written; the same bytes may be tried later.</summary>
    NoSpace,

    /// <summary>The outcome is unknown.</summary>
    Unavailable,

    /// <summary>This incarnation of the store is gone.</summary>
    StoreLost,

    /// <summary>What was read back is not what this owner wrote.</summary>
    Foreign,
}
