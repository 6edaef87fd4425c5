namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>How far a checkpoint is.</summary>
internal enum CheckpointPhase : byte
{
    /// <summary>None is under way.</summary>
    None,

    /// <summary>The snapshot is taken; not all outputs that it counts are committed.</summary>
    Waiting,

    Writing,

    /// <summary>It was not written, and pauses.</summary>
    Resting,
}
