namespace Pipeline.Kernel.Registers;

/// <summary>The operation that a proposer runs.</summary>
internal struct RegisterOperation
{
    /// <summary>Read, Change, Identity, Bear or Rejoin; null: none runs.</summary>
    public RegisterInputKind? Kind;

    /// <summary>Bear: the initial value.</summary>
    public ReadOnlyMemory<byte> Initial;

    /// <summary>Rejoin: the store that is to hold the register.</summary>
    public int Target;

    /// <summary>There is nothing to change, but the value must be made a chosen one before it is given out.</summary>
    public bool Declines;

    /// <summary>The change function wants to change what was read.</summary>
    public bool HasProbed;

    /// <summary>The stragglers had their time.</summary>
    public bool HasWaited;

    public bool IsPausing;

    /// <summary>How often it paused.</summary>
    public int Attempt;

    public readonly void Encode(ref StateEncoder to)
    {
        to.Write((byte)(Kind ?? RegisterInputKind.Expired));
        if (Kind is not null)
        {
            to.Write(Declines);
            to.Write(HasProbed);
            to.Write(HasWaited);
            to.Write(IsPausing);
        }
    }
}
