namespace Pipeline.Kernel.Logs.Taking;

/// <summary>What a change of the manifest is for.</summary>
internal enum ProposalPurpose : byte
{
    None,

    /// <summary>Becoming the owner of the next epoch.</summary>
    Claim,

    /// <summary>Closing a segment and opening the next.</summary>
    Open,

    /// <summary>Letting go of old segments.</summary>
    Trim,
}
