using Pipeline.Definitions.Planning;

namespace Pipeline.Definitions.Cases;

/// <summary>What cases name of a pipeline.</summary>
public static class CaseNames
{
    private const string Late = ".late";

    /// <summary>Stages whose results are to be kept, as if another pipeline read them.</summary>
    public static IReadOnlyCollection<string> Kept(CaseFile file) => file.Cases
        .SelectMany(static one => one.Expect)
        .Select(static expected => expected.Of.Value)
        .Where(static name => !name.EndsWith(Late, StringComparison.Ordinal))
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Names that the pipeline does not have, each where it stands.</summary>
    public static IReadOnlyList<DefinitionError> Unknown(
        CaseFile file, PipelineDefinition definition, PipelinePlan plan)
    {
        var errors = new DefinitionErrors();
        var streams = definition.Streams.Select(static declared => declared.Stream.Name.Value).ToList();
        var outputs = Outputs(plan);
        var stages = outputs.Where(static name => !name.EndsWith(Late, StringComparison.Ordinal)).ToList();
        foreach (var one in file.Cases)
        {
            foreach (var stream in one.Given.Select(static step => step.Stream).OfType<Located<string>>())
            {
                Check(errors, stream, streams, $"stream that pipeline '{plan.Name}' declares");
            }

            foreach (var expected in one.Expect)
            {
                Check(errors, expected.Of, outputs, $"stage of pipeline '{plan.Name}', nor what comes late to one");
            }

            foreach (var letter in one.Letters.Value.Where(static letter => letter.Stage is not null))
            {
                var stage = new Located<string>(letter.Stage!, letter.Position);
                Check(errors, stage, stages, $"stage of pipeline '{plan.Name}'");
            }
        }

        return errors.Sorted;
    }

    /// <summary>Stages and their late streams, as cases name them.</summary>
    private static List<string> Outputs(PipelinePlan plan)
    {
        var inner = plan.Graph.Where(static node => node.IsInner).Select(static node => node.Name)
            .ToHashSet(StringComparer.Ordinal);
        return [.. plan.Outputs.Select(static output => output.Stream.Name).Concat(plan.NotMaterialized)
            .Where(name => name != PipelinePlan.DeadLetters(plan.Name))
            .Select(name => name.Value[(plan.Name.Length + 1)..])
            .Where(name => !inner.Contains(name)).Distinct().Order(StringComparer.Ordinal)];
    }

    private static void Check(DefinitionErrors errors, Located<string> name, List<string> known, string what)
    {
        if (!known.Contains(name.Value))
        {
            var all = known.Count == 0 ? "There are none." : $"There are: {string.Join(", ", known)}.";
            errors.Add(name.Position, $"'{DefinitionErrors.Shown(name.Value, 80)}' is no {what}."
                + $"{NameSuggestion.For(name.Value, known)} {all}");
        }
    }
}
