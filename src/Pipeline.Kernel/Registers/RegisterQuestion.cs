namespace Pipeline.Kernel.Registers;

/// <summary>Why a proposer asks the change function.</summary>
internal enum RegisterQuestion : byte
{
    None,

    /// <summary>Would the value change at all?</summary>
    Probe,

    /// <summary>What follows the own last value, promised to be still the last one?</summary>
    Direct,

    /// <summary>What follows the value that the promises showed?</summary>
    Prepared,
}
