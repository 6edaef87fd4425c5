using Pipeline.Definitions;
using Pipeline.Definitions.Codes;
using Pipeline.Definitions.Planning;
using Pipeline.Queries;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Plans the pipelines of a catalog, and remembers each plan while all that it was made of stays the same.
/// </summary>
internal sealed class PlanMemory(StageCodes codes, DefinitionVariables variables)
{
    private readonly Dictionary<string, Remembered> _plans = new(StringComparer.Ordinal);

    public DefinitionVariables Variables => variables;

    /// <summary>Plans a pipeline of the catalog.</summary>
    public PlanningOutcome Plan(CatalogState state, CatalogPipeline entry)
    {
        if (_plans.TryGetValue(entry.Name, out var known) && known.IsOf(state, entry))
        {
            return new PlanningOutcome(known.Plan, []);
        }

        var read = DefinitionReader.Read(entry.Text, variables);
        var outcome = read.Definition is null
            ? new PlanningOutcome(null, read.Errors)
            : Plan(state, read.Definition, entry.Kept, []);
        if (outcome.Plan is { } plan)
        {
            _plans[entry.Name] = Remembered.Of(state, entry, plan);
        }

        return outcome;
    }

    /// <summary>Plans a definition that is to come into force.</summary>
    /// <param name="state">The catalog.</param>
    /// <param name="definition">What is to come into force.</param>
    /// <param name="kept">Its stages that others read.</param>
    /// <param name="possible">Outputs of other pipelines that would be kept if it reads them.</param>
    public PlanningOutcome Plan(
        CatalogState state,
        PipelineDefinition definition,
        IReadOnlyCollection<string> kept,
        IEnumerable<StreamDefinition> possible)
    {
        var streams = new Dictionary<string, StreamDefinition>(CatalogRules.StreamsOfOthers(state, definition.Name));
        foreach (var stream in possible)
        {
            streams.TryAdd(stream.Name.Value, stream);
        }

        return PipelinePlanner.Plan(definition, new PlanningWorld
        {
            Compile = QueryCompiler.Compile,
            Streams = streams,
            Kept = kept,
            Codes = codes,
        });
    }

    /// <summary>A plan and what it was made of: the text, who reads its outputs, and the streams it reads.</summary>
    private sealed record Remembered(
        string Text, IReadOnlyList<string> Kept, IReadOnlyList<StreamDefinition> Inputs, PipelinePlan Plan)
    {
        public static Remembered Of(CatalogState state, CatalogPipeline entry, PipelinePlan plan) => new(
            entry.Text,
            entry.Kept,
            [.. plan.Inputs.Select(name => state.Stream(name)?.Definition).OfType<StreamDefinition>()
                .Where(stream => stream.Pipeline != entry.Name)],
            plan);

        public bool IsOf(CatalogState state, CatalogPipeline entry) => entry.Text == Text
            && entry.Kept.SequenceEqual(Kept)
            && Inputs.All(input => state.Stream(input.Name)?.Definition == input);
    }
}
