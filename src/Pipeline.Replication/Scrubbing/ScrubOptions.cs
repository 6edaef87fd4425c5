namespace Pipeline.Replication.Scrubbing;

/// <summary>How much of the machine looking for damage may take.</summary>
public sealed record ScrubOptions
{
    /// <summary>Pause between two rounds; never shorter than the round before was.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes read per second while looking for damage, over all stores.</summary>
    public long BytesPerSecond { get; init; } = 16 << 20;

    /// <summary>A request unanswered for so long counts as unavailable.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
