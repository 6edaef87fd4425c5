namespace Pipeline.Definitions;

/// <summary>A definition, or its mistakes.</summary>
public sealed record DefinitionOutcome(PipelineDefinition? Definition, IReadOnlyList<DefinitionError> Errors);

/// <summary>
/// Reads a definition from YAML 1.2 or JSON (the same reader: flow style). Needs nothing but the text, so it also
/// serves <c>pipeline lint</c>. docs/pipelines.md is the reference of all fields.
/// </summary>
public static class DefinitionReader
{
    /// <summary>
    /// Reads one pipeline; <paramref name="variables"/> looks up <c>${NAME}</c>. Throws nothing but
    /// <see cref="OperationCanceledException"/>, whatever the text is.
    /// </summary>
    public static DefinitionOutcome Read(
        string text, DefinitionVariables variables, CancellationToken cancellationToken = default)
    {
        if (text.Length > DefinitionLimits.Text)
        {
            return new DefinitionOutcome(null, [new DefinitionError(
                1, 1, $"The definition is longer than {DefinitionLimits.Text} characters.")]);
        }

        var reading = new DefinitionReading(text, variables);
        var root = TextTree.Read(reading.Masked, reading.Errors, cancellationToken);
        var definition = root is null ? null : Pipeline(reading, root);
        return new DefinitionOutcome(reading.Errors.Any ? null : definition, reading.Errors.Sorted);
    }

    /// <summary>
    /// The name that a text gives its pipeline, whatever else is wrong with it; null where there is none.
    /// </summary>
    public static string? NameOf(string text) =>
        text.Length <= DefinitionLimits.Text
        && TextTree.Read(Variables.Mask(text), new DefinitionErrors(), default) is TextMapping root
        && root.Fields.FirstOrDefault(static field => field.Key.Value == "name")?.Value is TextScalar name
        && IsName(name.Value)
            ? name.Value
            : null;

    private static PipelineDefinition? Pipeline(DefinitionReading reading, TextNode root)
    {
        var fields = FieldMap.Read(reading, root, "A pipeline", "name", "query", "streams", "stages", "sinks", "reset");
        if (fields?.RequiredFixedText("name", TextPosition.Start) is not { } name)
        {
            return null;
        }

        if (!IsName(name.Value))
        {
            reading.Errors.Add(
                name.Position, $"'{DefinitionErrors.Shown(name.Value, 80)}' is not a pipeline's name: {NameRule}.");
        }

        var streams = Named(reading, fields, "streams", "stream", DefinitionLimits.Streams, (stream, at, node) =>
            StreamReader.Read(reading, name.Value, stream, at, node));
        var query = StageReader.Query(reading, fields);
        var entries = Named(reading, fields, "stages", "stage", DefinitionLimits.Stages, (stage, at, node) =>
            StageReader.Read(reading, stage, at, node, fields.Has("query")));
        var queries = new QueryStages(reading.Errors);
        var stages = queries.Of(query, fields.Has("query"), entries);
        var sinks = Named(reading, fields, "sinks", "sink", DefinitionLimits.Sinks, (sink, at, node) =>
            SinkReader.Read(reading, sink, at, node, queries));
        return new PipelineDefinition
        {
            Name = name.Value,
            NamePosition = name.Position,
            Reset = fields.Node("reset") is TextList { Items.Count: 0 }
                ? []
                : fields.FixedTexts("reset", DefinitionLimits.Stages),
            Streams = streams,
            Stages = stages,
            Sinks = sinks,
        };
    }

    internal const string NameRule = "letters, digits, '_' and '-', beginning with a letter or digit, at most 60";

    internal static bool IsName(string text) => text.Length is > 0 and <= 60
        && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static List<T> Named<T>(
        DefinitionReading reading,
        FieldMap fields,
        string field,
        string what,
        int most,
        Func<string, TextPosition, TextNode, T?> read)
        where T : class
    {
        var items = new List<T>();
        if (fields.Node(field) is not { } node || FieldMap.Read(reading, node, $"'{field}'") is not { } map)
        {
            return items;
        }

        foreach (var (name, position, value) in map.All())
        {
            if (items.Count == most)
            {
                reading.Errors.Add(position, $"A definition has at most {most} {field}.");
                return items;
            }

            if (!IsName(name))
            {
                reading.Errors.Add(
                    position, $"'{DefinitionErrors.Shown(name, 80)}' is not a {what}'s name: {NameRule}.");
                continue;
            }

            if (read(name, position, value) is { } item)
            {
                items.Add(item);
            }
        }

        return items;
    }
}
