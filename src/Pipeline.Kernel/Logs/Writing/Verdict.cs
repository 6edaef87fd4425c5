namespace Pipeline.Kernel.Logs.Writing;

/// <summary>What an answer means for the owner.</summary>
internal enum Verdict : byte
{
    Continue,

    /// <summary>Look into the manifest whether it still owns the log.</summary>
    CheckOwner,

    /// <summary>It does not own the log any more.</summary>
    Fenced,

    /// <summary>Somebody else's bytes lie where only the owner writes.</summary>
    Alarm,
}
