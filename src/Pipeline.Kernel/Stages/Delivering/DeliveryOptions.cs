namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>How long a <see cref="StageDelivery"/> waits, in ticks (100 ns). None changes what is promised.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Between two checkpoints, at least.</summary>
    public required long CheckpointInterval { get; init; }

    /// <summary>Before what was refused or failed is tried again.</summary>
    public required long RetryDelay { get; init; }

    /// <summary>Between two watermarks that no records go with.</summary>
    public long WatermarkPause { get; init; } = TimeSpan.TicksPerMillisecond * 100;
}
