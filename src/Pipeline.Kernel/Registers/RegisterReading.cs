namespace Pipeline.Kernel.Registers;

/// <summary>What a register blob turned out to be.</summary>
public enum RegisterReading
{
    Whole,

    /// <summary>Not a register state or a wrong checksum: the store abstains until it has rejoined.</summary>
    Damaged,

    /// <summary>Written by a newer version: left alone.</summary>
    Newer,
}
