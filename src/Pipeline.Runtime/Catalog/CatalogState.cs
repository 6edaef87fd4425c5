using Pipeline.Definitions;
using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Catalog;

/// <summary>What the catalog register holds; immutable, replaced whole.</summary>
public sealed record CatalogState
{
    /// <summary>Drawn when the catalog is born: tells this deployment from all others.</summary>
    public string Id { get; init; } = "";

    /// <summary>Rises with every change.</summary>
    public long Version { get; init; }

    /// <summary>Marks the change that made this version, so that whoever made it recognises it.</summary>
    public long Change { get; init; }

    /// <summary>Marks the keeper that opened it last: only that one may change it.</summary>
    public long Keeper { get; init; }

    public long NextStream { get; init; } = 1;

    public long NextIncarnation { get; init; } = 1;

    /// <summary>The next term; each attempt to change layouts takes some, and none is given again.</summary>
    public long NextTerm { get; init; } = 1;

    /// <summary>By name.</summary>
    public IReadOnlyList<CatalogStream> Streams { get; init; } = [];

    /// <summary>By name.</summary>
    public IReadOnlyList<CatalogPipeline> Pipelines { get; init; } = [];

    /// <summary>What was last applied from each file, by its name: the hash of the text.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new SortedDictionary<string, string>();

    /// <summary>Logs whose blobs are to be deleted.</summary>
    public IReadOnlyList<LogId> Dropped { get; init; } = [];

    /// <summary>Logs that came out of backups, oldest restore first; none where there was no restore.</summary>
    public IReadOnlyList<CatalogRestoredLog> Restored { get; init; } = [];

    public static CatalogState Empty => new();

    public CatalogStream? Stream(StreamName name) => Streams.FirstOrDefault(stream => stream.Definition.Name == name);

    /// <summary>Where a log ended when it was restored, and in which history it goes on from there, in order.</summary>
    public IReadOnlyList<CatalogRestoredLog> RestoredOf(LogId log) =>
        Restored.Count == 0 ? [] : [.. Restored.Where(restored => restored.Log == log)];

    public CatalogPipeline? Pipeline(string name) => Pipelines.FirstOrDefault(pipeline => pipeline.Name == name);
}

/// <summary>A stream and the number in the names of its blobs, which is never given again.</summary>
public sealed record CatalogStream(long Id, StreamDefinition Definition)
{
    /// <summary>Outputs that are not in it, because its stage was fused and nobody read it at the time.</summary>
    public IReadOnlyList<CatalogGap> Gaps { get; init; } = [];
}

/// <summary>A pipeline in force.</summary>
public sealed record CatalogPipeline
{
    public required string Name { get; init; }

    /// <summary>Never given again: a pipeline deleted and created anew has other checkpoints and producers.</summary>
    public required long Incarnation { get; init; }

    /// <summary>Rises with every change of the text.</summary>
    public required long Generation { get; init; }

    /// <summary>The term its instances run under.</summary>
    public long Term { get; init; }

    /// <summary>
    /// The term under which its instances' layouts came into force: with each change of the text, and of readers and
    /// producers in other pipelines that matter to them.
    /// </summary>
    public long Layout { get; init; }

    /// <summary>The latest change that is or was under way; only that one may still come into force.</summary>
    public long Mark { get; init; }

    /// <summary>
    /// Instances (<see cref="Born"/>) whose stage has run within another group since: their checkpoints are not where
    /// they would go on.
    /// </summary>
    public IReadOnlyList<string> Elsewhere { get; init; } = [];

    /// <summary>Stages whose output is kept because other pipelines read it, by name.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>Earlier texts, oldest first; as many as there is room for.</summary>
    public IReadOnlyList<CatalogVersion> Versions { get; init; } = [];

    public required string Text { get; init; }

    public required string MediaType { get; init; }

    public bool IsPaused { get; init; }

    /// <summary>Instances whose checkpoint registers are born ("stage/stream number"): done once.</summary>
    public IReadOnlyList<string> Born { get; init; } = [];
}
