namespace Pipeline.Kernel.Registers;

/// <summary>
/// Orders proposals: by round, then by proposer. A proposer's id is random per register object and process start,
/// never a host name: two lives under one id could propose different values at one ballot.
/// </summary>
public readonly record struct Ballot(long Round, ulong Proposer) : IComparable<Ballot>
{
    /// <summary>The ballot of the initial state: below all others, "accepted" by birth.</summary>
    public static Ballot Birth => default;

    public int CompareTo(Ballot other) =>
        Round != other.Round ? Round.CompareTo(other.Round) : Proposer.CompareTo(other.Proposer);

    /// <summary>The proposer's own next ballot: what an accept promises along with the value.</summary>
    public Ballot Next() => this with { Round = Round + 1 };

    public static bool operator <(Ballot left, Ballot right) => left.CompareTo(right) < 0;

    public static bool operator >(Ballot left, Ballot right) => left.CompareTo(right) > 0;

    public static bool operator <=(Ballot left, Ballot right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Ballot left, Ballot right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Round}.{Proposer:x}";
}
