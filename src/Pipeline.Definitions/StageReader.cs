namespace Pipeline.Definitions;

/// <summary>Reads one entry of <c>stages:</c>.</summary>
internal static class StageReader
{
    private static readonly string[] Fields =
        ["query", "code", "from", "key", "partitions", "lateness", "strict", "materialize", "onError", "with"];

    /// <param name="reading">The reading it is part of.</param>
    /// <param name="name">The stage's name.</param>
    /// <param name="position">Where that stands.</param>
    /// <param name="node">What is said of it.</param>
    /// <param name="hasQuery">Whether the pipeline has a query of its own, which may be the stage's.</param>
    public static StageDefinition? Read(
        DefinitionReading reading, string name, TextPosition position, TextNode node, bool hasQuery)
    {
        var what = $"Stage '{name}'";
        if (FieldMap.Read(reading, node, what, Fields) is not { } fields)
        {
            return null;
        }

        if (name == "dead-letters")
        {
            reading.Errors.Add(position, "A stage cannot be named 'dead-letters': that stream keeps the dead letters.");
        }

        var code = fields.FixedText("code");
        var from = fields.FixedText("from");
        var isOfPipeline = hasQuery && !fields.Has("query") && !fields.Has("code");
        if (isOfPipeline && from is not null)
        {
            reading.Errors.Add(fields.KeyPosition("from"), $"{what}: its query, in the pipeline's 'query', says "
                + "what it reads.");
        }
        else if (!isOfPipeline && fields.Has("query") == fields.Has("code"))
        {
            reading.Errors.Add(position, $"{what} needs either 'query' or 'code'.");
        }
        else if (code is not null && !fields.Has("from"))
        {
            reading.Errors.Add(position, $"{what} lacks the field 'from': what the code reads.");
        }

        var (settings, written) = Settings(reading, fields, what);
        return new StageDefinition
        {
            Name = name,
            Position = position,
            Query = Query(reading, fields),
            IsOfPipeline = isOfPipeline,
            Code = code,
            From = from,
            Key = fields.FixedText("key"),
            Partitions = fields.Integer("partitions", 1, StreamDefinition.MaxPartitions),
            Lateness = fields.Duration("lateness", TimeSpan.Zero),
            IsStrict = fields.Flag("strict"),
            Materialize = fields.Flag("materialize"),
            StopsOnError = fields.Choice("onError", "dead-letter", "stop") == "stop",
            Settings = settings,
            WrittenSettings = written,
        };
    }

    /// <summary>The field <c>query</c> of a stage or of the pipeline; null where there is none, or no text.</summary>
    public static QueryText? Query(DefinitionReading reading, FieldMap fields)
    {
        if (fields.Node("query") is not { } node)
        {
            return null;
        }

        if (node is TextScalar { Value.Length: > DefinitionLimits.Query })
        {
            reading.Errors.Add(node, $"A query has at most {DefinitionLimits.Query} characters.");
            return null;
        }

        if (node is TextScalar { Value.Length: > 0 } scalar)
        {
            return reading.Query(scalar);
        }

        fields.Wrong(node, "query", "text");
        return null;
    }

    private static (Dictionary<string, string> Values, Dictionary<string, string> Written) Settings(
        DefinitionReading reading, FieldMap fields, string what)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal), written = new(StringComparer.Ordinal);
        if (fields.Node("with") is not { } node)
        {
            return (values, written);
        }

        if (!fields.Has("code"))
        {
            reading.Errors.Add(fields.KeyPosition("with"), $"{what}: 'with' gives settings to 'code' only.");
        }

        if (FieldMap.Read(reading, node, $"{what}: 'with'") is not { } map)
        {
            return (values, written);
        }

        foreach (var (name, position, _) in map.All())
        {
            if (values.Count == DefinitionLimits.Settings)
            {
                reading.Errors.Add(position, $"{what}: 'with' has at most {DefinitionLimits.Settings} settings.");
                break;
            }

            if (map.Text(name) is { } value)
            {
                values[name] = value.Value;
                if (value.Written is { } text && text != value.Value)
                {
                    written[name] = text;
                }
            }
        }

        return (values, written);
    }
}
