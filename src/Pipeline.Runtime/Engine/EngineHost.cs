using Pipeline.Processing.Sinks;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Scrubbing;
using Pipeline.Storage.Blobs;

namespace Pipeline.Runtime.Engine;

/// <summary>What an engine gets from its host: all it knows of the world comes through here.</summary>
public sealed record EngineHost
{
    /// <summary>The configured stores, always in the same order: 1, 3 or 5.</summary>
    public required IReadOnlyList<IStoreSlot> Slots { get; init; }

    /// <summary>Makes a loop; the name is for people. All of them have one supervisor.</summary>
    public required Func<string, ILoop> NewLoop { get; init; }

    /// <summary>
    /// Chance for ids, ballots and back-off. Must differ between processes and starts: seeded from the system's
    /// generator, but by the simulator.
    /// </summary>
    public required Random Draw { get; init; }

    /// <summary>Where file sinks write; null: the machine's file system.</summary>
    public ISinkFiles? SinkFiles { get; init; }

    /// <summary>Told what happens to partitions, on their loops; for logs. Null: nobody asks.</summary>
    public Action<PartitionNotice>? OnPartition { get; init; }

    /// <summary>Told what each look for damage found, on a loop. Null: nobody asks.</summary>
    public Action<VerifyReport>? OnScrub { get; init; }

    /// <summary>This process, for people: in manifests and health.</summary>
    public required string Name { get; init; }
}
