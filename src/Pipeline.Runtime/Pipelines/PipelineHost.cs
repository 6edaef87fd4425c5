using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions.Reading;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Registers;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// What the pipelines of a host get from its composition: all they know of the world comes through here.
/// </summary>
public sealed record PipelineHost
{
    /// <summary>Where the catalog lives and pipelines are put into force.</summary>
    public required ILoop Loop { get; init; }

    /// <summary>Makes a loop; the name is for people.</summary>
    public required Func<string, ILoop> NewLoop { get; init; }

    public required IRegisters Registers { get; init; }

    public required IStoreSet Stores { get; init; }

    public required IPartitionHost Partitions { get; init; }

    /// <summary>Where instances run, in a cluster; null: in this process.</summary>
    public ICluster? Cluster { get; init; }

    /// <summary>
    /// Gives stages in this process a log's closed segments; null: they read all from the partition.
    /// </summary>
    internal Func<LogId, ClosedReader>? Closed { get; init; }

    /// <summary>Chance for names of blobs and back-off; seeded by the simulator.</summary>
    public required Random Draw { get; init; }

    public required PipelineSettings Settings { get; init; }

    /// <summary>Whoever reads all streams holds this, so that nothing goes meanwhile.</summary>
    public TrimHold Trims { get; } = new();

    /// <summary>Told, on the loop, that another process keeps the pipelines now; null: nobody asks.</summary>
    public Action? Overtaken { get; init; }

    /// <summary>File sinks write here; null: the machine's file system.</summary>
    public Processing.Sinks.ISinkFiles? SinkFiles { get; init; }
}
