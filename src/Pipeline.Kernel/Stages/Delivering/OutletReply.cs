namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>What a target partition answered to a part.</summary>
public enum OutletReply
{
    /// <summary>It is committed, now or before.</summary>
    Held,

    /// <summary>A later generation of the producer was there.</summary>
    Fenced,

    /// <summary>The part does not follow what the target holds of the producer.</summary>
    Mismatch,

    /// <summary>Nothing is known of it, or it was refused for now: the same part again.</summary>
    Unknown,
}
