namespace Pipeline.Kernel.Stages;

/// <summary>
/// How the value of a stage instance's checkpoint register may change; each returns null where it may not.
/// Invariants: the epoch and the term never fall; within an epoch the cursor never falls; an activation of a lower term
/// than the register has seen gets nowhere.
/// </summary>
public static class StageCheckpointRules
{
    /// <summary>An activation with a term takes over: it alone may write from now on.</summary>
    public static StageCheckpoint? Activate(StageCheckpoint current, long term) => term < current.Term
        ? null
        : current with { Epoch = current.Epoch.Next(), Number = 0, Term = term };

    /// <summary>
    /// The activation of <paramref name="written"/>'s epoch writes. Its term may be higher than the one it was
    /// activated with: that is a cut, after which lower terms are refused.
    /// </summary>
    public static StageCheckpoint? Write(StageCheckpoint current, StageCheckpoint written) =>
        current.Epoch != written.Epoch || current.Number >= written.Number || current.Cursor > written.Cursor
            || current.Term > written.Term
            ? null
            : written;

    /// <summary>
    /// A change of the definition sets where an instance is to begin that does not run in the layouts before: it takes
    /// an epoch of its own, so that whatever ran under that name earlier is over. The cursor may fall.
    /// </summary>
    public static StageCheckpoint? Seed(StageCheckpoint current, StageCheckpoint seed) => current.Term >= seed.Term
        ? null
        : seed with { Epoch = current.Epoch.Next(), Number = 0 };
}
