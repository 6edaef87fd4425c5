using Pipeline.Definitions;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Of which stages a change may drop the state: those that its request names, and those of its text.</summary>
internal sealed class StateReset(ApplyRequest request, PipelineDefinition definition)
{
    private const int MostShown = 20;
    private const int MostText = 80;

    public bool Allows(string stage) => request.ResetAll || request.Reset.Contains(stage, StringComparer.Ordinal)
        || definition.Reset.Any(name => name.Value == stage);

    /// <summary>The refusal of a request that names what is no stage.</summary>
    /// <param name="stages">Those of the definition in force and of the new one.</param>
    public ApplyOutcome? Unknown(IReadOnlyCollection<string> stages) =>
        request.Reset.FirstOrDefault(name => !stages.Contains(name, StringComparer.Ordinal)) is { } unknown
            ? new ApplyOutcome(ApplyStatus.UnknownStage) { Detail = Sentence(unknown, stages) }
            : null;

    /// <summary>
    /// Names in the text that are no stage. One that an earlier text had is left alone: it was right when it was
    /// written, and the text may outlive it.
    /// </summary>
    /// <param name="stages">Those of the definition in force and of the new one.</param>
    /// <param name="earlier">Earlier texts.</param>
    /// <param name="variables">What they may look up.</param>
    public IReadOnlyList<DefinitionError> Mistakes(
        IReadOnlyCollection<string> stages, IEnumerable<string> earlier, DefinitionVariables variables)
    {
        var unknown = definition.Reset.Where(name => !stages.Contains(name.Value, StringComparer.Ordinal)).ToList();
        if (unknown.Count == 0)
        {
            return [];
        }

        var once = earlier.Select(text => DefinitionReader.Read(text, variables).Definition)
            .SelectMany(static read => read?.Stages ?? []).Select(static stage => stage.Name).ToHashSet();
        return DefinitionErrors.Bounded(unknown
            .Where(name => !once.Contains(name.Value) && !once.Contains(name.Value.Split('.')[0]))
            .Select(name => new DefinitionError(
                name.Position.Line, name.Position.Column, Sentence(name.Value, stages))));
    }

    private static string Sentence(string name, IReadOnlyCollection<string> stages) =>
        $"'reset' names '{DefinitionErrors.Shown(name, MostText)}', which is no stage of this definition, nor of the "
        + $"one in force. {(stages.Count == 0 ? "There are none" : $"Stages: {List(stages)}")}.";

    private static string List(IReadOnlyCollection<string> stages) => stages.Count <= MostShown
        ? string.Join(", ", stages)
        : $"{string.Join(", ", stages.Take(MostShown))}, …";
}
