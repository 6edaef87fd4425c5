namespace Pipeline.Kernel.Registers;

/// <summary>One ballot of a proposer, and what it makes of the state that a store holds.</summary>
internal struct RegisterRound
{
    public Ballot Ballot;

    /// <summary>Promised along with the accept, for the proposer's next operation.</summary>
    public Ballot Next;

    /// <summary>The highest ballot that any value seen before this round began was accepted at.</summary>
    public Ballot SeenAccepted;

    /// <summary>What is accepted at <see cref="Ballot"/>: one value a ballot, for ever.</summary>
    public ReadOnlyMemory<byte> Value;

    public readonly RegisterState Prepared(in RegisterState state) => state with { Promised = Ballot };

    public readonly RegisterState Accepted(RegisterRules rules) =>
        new(rules.AcceptPromisesNext ? Next : Ballot, Ballot, Value);

    /// <summary>While preparing. True: the round is void, for a value newer than it was accepted meanwhile.</summary>
    public readonly bool JudgePrepare(ref RegisterLane lane, RegisterRules rules)
    {
        // A store that forgot its promises and rejoined did so by a value accepted in between: promises gathered
        // before and after that do not add up. Whoever sees a newer value gathers them all again.
        if (lane.State.Accepted > SeenAccepted && rules.NewerValueRestartsRound)
        {
            return true;
        }

        lane.HasPromised = lane.State.Promised == Ballot;
        lane.HasRefused = lane.State.Promised > Ballot;
        return false;
    }

    /// <summary>While accepting, and afterwards for the stores that lag.</summary>
    public readonly void JudgeAccept(ref RegisterLane lane, RegisterRules rules)
    {
        if (lane.State.Accepted == Ballot && lane.State.Value.Span.SequenceEqual(Value.Span))
        {
            lane.HasAccepted = true;
        }
        else if (rules.ConflictRechecksBallot)
        {
            var forgot = lane.HasPromised && lane.State.Promised < Ballot && rules.AcceptPromisesNext;
            lane.HasRefused = lane.State.Promised > Ballot || forgot;
        }
    }
}
