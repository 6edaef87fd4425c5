namespace Pipeline.Kernel.Registers;

/// <summary>What a proposer is doing.</summary>
internal enum RegisterPhase : byte
{
    Idle,
    Reading,
    Bearing,
    Preparing,
    Accepting,

    /// <summary>No operation; the last chosen value still goes to the stores that lag or abstain.</summary>
    Settled,
}
