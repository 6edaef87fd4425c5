namespace Pipeline.Kernel.Logs;

/// <summary>
/// Known-bad variants of the protocol, each of which loses acknowledged data or repeats it: the model checker plants
/// one at a time and must catch it. Production runs with <see cref="None"/>; nothing outside can construct another.
/// </summary>
[Flags]
internal enum LogFlaws
{
    None = 0,

    /// <summary>
    /// The manifest names a segment before its blobs exist on a majority (the world lets appends create).
    /// </summary>
    NameBeforeCreate = 1,

    /// <summary>A takeover reads copies without sealing them.</summary>
    ReadWithoutSeal = 2,

    /// <summary>A takeover closes at what the copies agree on instead of the longest.</summary>
    CloseAtMinimum = 4,

    /// <summary>A damaged copy counts as a witness.</summary>
    CountDamaged = 8,

    /// <summary>A duplicate is answered before the original is committed.</summary>
    AnswerDuplicatesAtOnce = 16,

    /// <summary>A roll goes on acknowledging blocks beyond the offset it closes at.</summary>
    AcknowledgeWhileRolling = 32,

    /// <summary>One store's answer is enough to acknowledge.</summary>
    AcknowledgeAtOne = 64,

    /// <summary>Trimming deletes before the manifest says so.</summary>
    DeleteBeforePublish = 128,

    /// <summary>A takeover does not make the closed prefix durable on a majority.</summary>
    SkipRepair = 256,

    /// <summary>A producer of which nothing is left in the window is taken for a new one.</summary>
    ForgetProducers = 512,

    /// <summary>Only the home of a producer refuses the numbers that left its window.</summary>
    ForgetPartsNumbers = 1024,

    /// <summary>The state of a new segment leaves out the numbers that left the window.</summary>
    LoseNumbersWhenRolling = 2048,
}
