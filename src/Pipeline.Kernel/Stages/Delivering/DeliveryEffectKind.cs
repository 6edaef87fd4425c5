namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>What a driver of a <see cref="StageDelivery"/> is to do.</summary>
public enum DeliveryEffectKind
{
    /// <summary>Append Part to the outlet's target, and answer.</summary>
    Send,

    /// <summary>The same part once more, or what is left of it, and answer.</summary>
    SendAgain,

    /// <summary>Part is committed: its buffer is free again.</summary>
    Committed,

    /// <summary>Part was refused for now, or nobody knows what became of it: say so. It is sent again.</summary>
    Refused,

    /// <summary>
    /// Append to the outlet's target that Time is the watermark, and answer; long.MinValue: that nobody is to wait for
    /// this instance.
    /// </summary>
    Say,

    /// <summary>Save the machine's state as it is now; it is written later.</summary>
    TakeSnapshot,

    /// <summary>Write the snapshot taken last, and answer.</summary>
    WriteCheckpoint,

    /// <summary>The snapshot written last is durable.</summary>
    Durable,

    /// <summary>No majority took the checkpoint: say so. It is written again.</summary>
    NotWritten,

    /// <summary>The checkpoint that was begun is over, however it ended.</summary>
    CheckpointOver,

    /// <summary>Wake it at Time, and not for what was said before.</summary>
    WakeAt,

    /// <summary>End: a later generation of the stage was at the outlet's target.</summary>
    Fence,

    /// <summary>End: a later activation of the instance wrote its checkpoint.</summary>
    Overtaken,

    /// <summary>Fail: the target holds an output of this producer that Part should have and has not.</summary>
    NotMadeAgain,

    /// <summary>Fail: the target holds outputs through Last, Part does not follow them.</summary>
    Diverged,
}
