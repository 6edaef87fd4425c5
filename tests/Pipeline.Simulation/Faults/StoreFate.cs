namespace Pipeline.Simulation.Faults;

/// <summary>What becomes of one request.</summary>
public enum StoreFate
{
    /// <summary>Done and answered.</summary>
    Done,

    /// <summary>Done, but the answer says Unavailable.</summary>
    AckLost,

    /// <summary>Not done; the answer says Unavailable.</summary>
    RequestLost,

    /// <summary>Not done: no room, or read-only.</summary>
    NoSpace,

    /// <summary>The fsync after it failed: perhaps in part there, and the copy is not to be trusted any more.</summary>
    SyncFailed,
}
