namespace Pipeline.ModelChecking.Redefinition;

/// <summary>A rule of the protocol left out.</summary>
[Flags]
internal enum RedefinitionFlaws
{
    None = 0,

    /// <summary>A cut does not make again what the targets hold beyond the checkpoint.</summary>
    CutWithoutReplay = 1,

    /// <summary>A cut asks what the targets hold without opening the producer with its term.</summary>
    CutWithoutOpening = 2,

    /// <summary>An activation of a lower term takes over, under the term that the register has seen.</summary>
    ActivateLower = 4,

    /// <summary>A switch does not compare the entry.</summary>
    SwitchBlindly = 8,

    /// <summary>A cut writes its checkpoint before its outputs are committed.</summary>
    CheckpointEarly = 16,

    /// <summary>The old text runs on under a term of its own that its entry does not name.</summary>
    ResumeUnnamed = 32,

    /// <summary>After a cut the old text is run under its old term; nobody gives it a new one.</summary>
    NeverResume = 64,

    /// <summary>A reservation leaves no mark: only the text and the term in force are compared.</summary>
    ReserveUnmarked = 128,

    /// <summary>All attempts to cut an instance share a term, also with the new layout.</summary>
    AttemptsShareTerm = 256,

    /// <summary>That a fused stage was dropped is forgotten: its own instance goes on where it stood before.</summary>
    ForgetElsewhere = 512,

    /// <summary>The states of a stage are not taken along when it is fused or gets its own instance.</summary>
    MoveWithoutState = 1024,

    /// <summary>A stage is fused before its own instance has read its input to the end.</summary>
    FuseWithoutDraining = 2048,

    /// <summary>An instance begins at the place that its stage had when it ran by itself last.</summary>
    UnfuseWithoutSeed = 4096,

    /// <summary>A seed is written although the instance has met a higher term.</summary>
    SeedBlindly = 8192,

    /// <summary>A stage is cut before the one that writes its input.</summary>
    DownstreamFirst = 16384,

    /// <summary>A new layout sends before it has written a checkpoint of its own.</summary>
    SendBeforeOwning = 32768,

    /// <summary>An activation of a lower term takes over under its own term.</summary>
    IgnoreTerm = 65536,

    /// <summary>The world does not look at what the targets hold when a layout begins; the machine does.</summary>
    BeginAnywhere = 131072,

    /// <summary>What is resumed counts as another layout.</summary>
    ResumeAsNew = 262144,
}
