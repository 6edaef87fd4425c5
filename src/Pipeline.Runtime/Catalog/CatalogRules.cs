using Pipeline.Definitions;
using Pipeline.Definitions.Planning;

namespace Pipeline.Runtime.Catalog;

/// <summary>What a plan may not contradict, and what the catalog becomes when it is put into force.</summary>
public static class CatalogRules
{
    /// <summary>Streams of other pipelines, for planning.</summary>
    public static IReadOnlyDictionary<string, StreamDefinition> StreamsOfOthers(CatalogState state, string pipeline) =>
        state.Streams.Select(stream => stream.Definition)
            .Where(stream => stream.Pipeline != pipeline)
            .ToDictionary(stream => stream.Name.Value);

    public static IReadOnlyList<DefinitionError> Conflicts(CatalogState state, PipelinePlan plan)
    {
        var errors = new List<DefinitionError>();
        foreach (var (stream, at, partitionsAt) in plan.Declared.Concat(plan.Outputs))
        {
            if (state.Stream(stream.Name)?.Definition is not { } existing)
            {
                continue;
            }

            if (existing.Pipeline != plan.Name && state.Pipeline(existing.Pipeline) is not null)
            {
                errors.Add(new DefinitionError(
                    at.Line, at.Column, $"Stream '{stream.Name}' is declared by pipeline '{existing.Pipeline}'."));
            }
            else if (existing.Partitions != stream.Partitions)
            {
                errors.Add(new DefinitionError(partitionsAt.Line, partitionsAt.Column,
                    $"Stream '{stream.Name}' has {existing.Partitions} partitions, not {stream.Partitions}: "
                    + "their number cannot be changed yet."));
            }
        }

        return errors;
    }

    /// <summary>The streams of a plan that the catalog lacks.</summary>
    public static IReadOnlyList<StreamDefinition> Missing(CatalogState state, PipelinePlan plan) =>
        [.. plan.Declared.Concat(plan.Outputs).Select(declared => declared.Stream)
            .Where(stream => state.Stream(stream.Name) is null)];

    /// <summary>The catalog with a pipeline and its streams, new ones under the numbers given.</summary>
    public static CatalogState With(
        CatalogState state, CatalogPipeline pipeline, PipelinePlan plan, IReadOnlyList<CatalogStream> born)
    {
        var streams = state.Streams.ToDictionary(stream => stream.Definition.Name);
        foreach (var (definition, _, _) in plan.Declared.Concat(plan.Outputs))
        {
            // Events already there stay where the stream's hash put them.
            streams[definition.Name] = streams.TryGetValue(definition.Name, out var existing)
                ? existing with { Definition = definition with { KeyHash = existing.Definition.KeyHash } }
                : born.Single(stream => stream.Definition.Name == definition.Name);
        }

        return state with
        {
            Streams = [.. streams.Values.OrderBy(stream => stream.Definition.Name)],
            Pipelines = [.. state.Pipelines.Where(other => other.Name != pipeline.Name).Append(pipeline)
                .OrderBy(other => other.Name, StringComparer.Ordinal)],
        };
    }

    public static CatalogState WithFile(CatalogState state, string? file, string hash) => file is null
        ? state
        : state with { Files = new SortedDictionary<string, string>(state.Files.ToDictionary()) { [file] = hash } };
}
