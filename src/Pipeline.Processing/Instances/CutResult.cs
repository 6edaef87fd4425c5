namespace Pipeline.Processing.Instances;

/// <summary>How an attempt to cut an instance ended.</summary>
public enum CutStatus
{
    /// <summary>Its checkpoint says exactly what its targets hold, and nothing older can add to them.</summary>
    Clean,

    /// <summary>Never: the reason needs a person, as when its code is gone.</summary>
    Impossible,

    /// <summary>Not now: a target, the input or a majority of stores did not answer in time.</summary>
    Unavailable,
}

/// <summary>How an attempt to cut an instance ended.</summary>
/// <param name="Status">Whether it is cut.</param>
/// <param name="Cursor">Where it is cut: the next offset of its input.</param>
/// <param name="Reason">For people; null where it is clean.</param>
public sealed record CutResult(CutStatus Status, long Cursor, string? Reason)
{
    internal static CutResult Of(StageInstanceStatus status) => status.State switch
    {
        StageInstanceState.Paused => new CutResult(CutStatus.Clean, status.Cursor, null),
        StageInstanceState.Failed => new CutResult(CutStatus.Impossible, status.Cursor, status.Error),
        _ => new CutResult(CutStatus.Unavailable, status.Cursor, status.Error ?? "it did not end in time"),
    };
}

/// <summary>What an instance is to do that is only made to be cut.</summary>
/// <param name="Term">The term of this attempt; never used before for this instance.</param>
/// <param name="DrainTo">
/// Read on to this offset of the input as well; null: no further than the targets ask for.
/// </param>
public sealed record CutOrder(long Term, long? DrainTo);
