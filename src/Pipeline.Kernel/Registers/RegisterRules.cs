namespace Pipeline.Kernel.Registers;

/// <summary>
/// The rules whose absence loses chosen values. All hold, always; only the model checker can build a proposer without
/// one of them, to prove that it would see the loss.
/// </summary>
internal sealed record RegisterRules
{
    public static RegisterRules All { get; } = new();

    /// <summary>An accept writes the promise of the proposer's next ballot along with the value.</summary>
    public bool AcceptPromisesNext { get; init; } = true;

    /// <summary>After a failed condition the ballots read are checked before the put is repeated.</summary>
    public bool ConflictRechecksBallot { get; init; } = true;

    /// <summary>A missing or damaged blob is not an empty register: its store abstains.</summary>
    public bool MissingAbstains { get; init; } = true;

    /// <summary>A store rejoins by a value accepted by a quorum of the others, never by a copy of one peer.</summary>
    public bool RejoinNeedsQuorum { get; init; } = true;

    /// <summary>A store rejoins only by a round whose accepts all began after it was seen abstaining.</summary>
    public bool RejoinNeedsFreshRound { get; init; } = true;

    /// <summary>Promises gathered before a newer value was accepted are gathered again at a fresh ballot.</summary>
    public bool NewerValueRestartsRound { get; init; } = true;

    /// <summary>A read answers only with what a quorum accepted at one ballot.</summary>
    public bool ReadNeedsQuorum { get; init; } = true;
}
