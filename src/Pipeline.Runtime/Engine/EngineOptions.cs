using Pipeline.Replication.Partitions;
using Pipeline.Replication.Scrubbing;
using Pipeline.Replication.Stores;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Runtime.Engine;

/// <summary>How an engine runs: sizes and intervals. Nothing here changes what it guarantees.</summary>
public sealed record EngineOptions
{
    /// <summary>How many loops the partitions are spread over.</summary>
    public int PartitionLoops { get; init; } = 2;

    /// <summary>How stores are watched.</summary>
    public StoreSetOptions Stores { get; init; } = new();

    /// <summary>How partitions are driven; a stream's definition says how many handles its window keeps.</summary>
    public PartitionOptions Partitions { get; init; } = new();

    /// <summary>How stages and sinks run.</summary>
    public PipelineSettings Pipelines { get; init; } = new() { DataDirectory = "." };

    /// <summary>
    /// Stages read closed segments from the stores, as in a cluster, where the partition is elsewhere; instead of
    /// having the partition's loop do it.
    /// </summary>
    public bool StagesReadStores { get; init; }

    /// <summary>How damage is looked for.</summary>
    public ScrubOptions Scrub { get; init; } = new();

    /// <summary>Pause before an attempt that found no majority of stores is made again.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a graceful stop waits for what is under way.</summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(5);
}
