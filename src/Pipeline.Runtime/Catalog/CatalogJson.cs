using System.Text.Json.Serialization;
using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Catalog;

/// <summary>The catalog as JSON has it: fixed names, apart from the types the program works with.</summary>
internal sealed record CatalogJson
{
    public string Id { get; init; } = "";

    public long Version { get; init; }

    public long Change { get; init; }

    public long Keeper { get; init; }

    public long NextStream { get; init; }

    public long NextIncarnation { get; init; }

    public long NextTerm { get; init; }

    /// <summary>The newest that a stream uses: a program that does not know it must not place keys here.</summary>
    public string KeyHash { get; init; } = KeySlot.HashName;

    public List<CatalogStreamJson> Streams { get; init; } = [];

    public List<CatalogPipeline> Pipelines { get; init; } = [];

    public SortedDictionary<string, string> Files { get; init; } = [];

    public List<LogId> Dropped { get; init; } = [];

    /// <summary>Null in catalogs that were never restored.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<CatalogRestoredLog>? Restored { get; init; }

    public static CatalogJson From(CatalogState state) => new()
    {
        Id = state.Id,
        Version = state.Version,
        Change = state.Change,
        Keeper = state.Keeper,
        NextStream = state.NextStream,
        NextIncarnation = state.NextIncarnation,
        KeyHash = KeyHashName.Of(state.Streams.Select(stream => stream.Definition.KeyHash)
            .Append(Kernel.Identity.KeyHash.ByText).Max()),
        NextTerm = state.NextTerm,
        Streams = [.. state.Streams.Select(CatalogStreamJson.From)],
        Pipelines = [.. state.Pipelines],
        Files = new SortedDictionary<string, string>(state.Files.ToDictionary(), StringComparer.Ordinal),
        Dropped = [.. state.Dropped],
        Restored = state.Restored.Count > 0 ? [.. state.Restored] : null,
    };

    public CatalogState ToState() => !KeyHashName.TryParse(KeyHash, out _)
        ? throw new InvalidDataException(
            $"the catalog places keys by '{KeyHash}', this program by "
                + $"'{KeyHashName.Of(Kernel.Identity.KeyHash.ByValue)}'")
        : new CatalogState
        {
            Id = Id,
            Version = Version,
            Change = Change,
            Keeper = Keeper,
            NextStream = NextStream,
            NextIncarnation = NextIncarnation,
            NextTerm = Math.Max(NextTerm, 1 + Pipelines.Select(static pipeline => pipeline.Generation)
                .Append(0).Max()),
            Streams = [.. Streams.Select(stream => stream.ToStream())],
            Pipelines = [.. Pipelines.Select(static pipeline => pipeline.Term > 0
                ? pipeline
                : pipeline with { Term = pipeline.Generation, Layout = pipeline.Generation })],
            Files = Files,
            Dropped = Dropped,
            Restored = Restored ?? [],
        };
}
