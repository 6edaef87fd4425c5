namespace Pipeline.Kernel.Registers;

/// <summary>What one store holds of a register: an acceptor of CASPaxos (arXiv 1802.07000), as a blob.</summary>
/// <param name="Promised">No proposal below this ballot may be accepted any more.</param>
/// <param name="Accepted">The ballot at which <paramref name="Value"/> was accepted.</param>
/// <param name="Value">The value accepted last; not necessarily a chosen one.</param>
public readonly record struct RegisterState(Ballot Promised, Ballot Accepted, ReadOnlyMemory<byte> Value)
{
    /// <summary>The state every store starts from, the same bytes whoever installs it.</summary>
    public static RegisterState Born(ReadOnlyMemory<byte> initial) => new(Ballot.Birth, Ballot.Birth, initial);

    /// <summary>Whether no proposer has touched it since its birth.</summary>
    public bool IsUntouched => Promised == Ballot.Birth && Accepted == Ballot.Birth;

    /// <summary>Whether both hold the same value, accepted at the same ballot.</summary>
    public bool HasSameValueAs(in RegisterState other) =>
        Accepted == other.Accepted && Value.Span.SequenceEqual(other.Value.Span);
}
