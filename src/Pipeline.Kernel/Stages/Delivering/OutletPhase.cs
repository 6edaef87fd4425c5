namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>What a <see cref="OutletDelivery"/> waits for.</summary>
internal enum OutletPhase : byte
{
    Idle,

    /// <summary>The answer to a part.</summary>
    Sending,

    /// <summary>The answer to a watermark.</summary>
    Saying,

    /// <summary>The end of a pause, after a refusal.</summary>
    Resting,
}
