namespace Pipeline.Runtime.Engine;

/// <summary>How an engine runs: sizes and intervals. Nothing here changes what it guarantees.</summary>
public sealed record EngineOptions
{
    /// <summary>How many loops the partitions are spread over.</summary>
    public int PartitionLoops { get; init; } = 2;

    /// <summary>A segment is closed and the next one opened when it has this many bytes.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>How long a request to a store may take before its outcome counts as unknown.</summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause between two rounds of looking for damage and lost stores.</summary>
    public TimeSpan ScrubInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a running stage writes its checkpoint.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause before an attempt that found no majority of stores is made again.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);
}
