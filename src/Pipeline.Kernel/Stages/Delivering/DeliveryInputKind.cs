namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>What a <see cref="StageDelivery"/> is told.</summary>
public enum DeliveryInputKind
{
    /// <summary>A target was asked, before anything is sent: it holds everything through Last.</summary>
    Opened,

    /// <summary>The machine took a step: there may be outputs, and no checkpoint has the step.</summary>
    Made,

    /// <summary>Between two reads, or when somebody may read an output who did not before: what is due?</summary>
    Looked,

    /// <summary>The time of the last <see cref="DeliveryEffectKind.WakeAt"/> has come.</summary>
    Woke,

    /// <summary>The snapshot is to be written again, whatever has happened since the last one.</summary>
    Changed,

    /// <summary>A checkpoint of all there is, without a pause before it.</summary>
    Flush,

    /// <summary>The instance never had input: the readers of its outputs are not to wait for it.</summary>
    Leave,

    /// <summary>A target answered Reply to what went there; with a mismatch, Last is what it holds.</summary>
    Answered,

    /// <summary>The write of a checkpoint ended.</summary>
    Saved,
}
