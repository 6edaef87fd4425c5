using Pipeline.Kernel.Identity;

namespace Pipeline.Definitions;

/// <summary>Reads one entry of <c>streams:</c>.</summary>
internal static class StreamReader
{
    private static readonly string[] Fields =
    [
        "partitions", "key", "time", "missingKey", "retention", "schema", "idle", "maxAhead", "maxEvent", "maxRequest",
        "window",
    ];

    public static DeclaredStream? Read(
        DefinitionReading reading, string pipeline, string name, TextPosition position, TextNode node)
    {
        var what = $"Stream '{name}'";
        if (FieldMap.Read(reading, node, what, Fields) is not { } fields)
        {
            return null;
        }

        if (fields.Has("schema"))
        {
            reading.Errors.Add(fields.KeyPosition("schema"), $"{what}: 'schema' is not built yet.");
        }

        var partitions = fields.Integer("partitions", 1, StreamDefinition.MaxPartitions);
        var key = Path(reading, fields, what, "key");
        var missing = fields.Choice("missingKey", "refuse", "spread");
        if (missing == "spread" && key is null)
        {
            reading.Errors.Add(fields.KeyPosition("missingKey"), $"{what}: 'missingKey' needs a 'key'.");
        }

        var (retention, isHard) = Retention(reading, fields, what);
        return new DeclaredStream(
            new StreamDefinition
            {
                Name = new StreamName(name),
                Pipeline = pipeline,
                Partitions = partitions?.Value ?? StreamDefinition.DefaultPartitions,
                Key = key,
                Time = Path(reading, fields, what, "time"),
                MissingKey = missing == "spread" ? MissingKey.Spread : MissingKey.Refuse,
                Retention = retention,
                IsRetentionHard = isHard,
                Idle = Idle(fields),
                IsIdleStated = fields.Has("idle"),
                MaxAhead = fields.Duration("maxAhead", StreamDefinition.DefaultMaxAhead),
                MaxEventBytes = (int)fields.Size("maxEvent", StreamDefinition.DefaultMaxEventBytes, 1, 16 << 20),
                MaxRequestBytes = (int)fields.Size("maxRequest", StreamDefinition.DefaultMaxRequestBytes, 1, 32 << 20),
                DeduplicationWindow = fields.Integer("window", 1, 10_000_000)?.Value
                    ?? StreamDefinition.DefaultDeduplicationWindow,
            },
            position,
            partitions?.Position ?? position);
    }

    private static TimeSpan? Idle(FieldMap fields) =>
        fields.Node("idle") is TextScalar { Value: "never" }
            ? null
            : fields.Duration("idle", StreamDefinition.DefaultIdle);

    private static (TimeSpan? Retention, bool IsHard) Retention(DefinitionReading reading, FieldMap fields, string what)
    {
        if (fields.Node("retention") is TextMapping mapping)
        {
            var hard = FieldMap.Read(reading, mapping, $"{what}: 'retention'", "hard");
            hard?.RequiredText("hard", fields.KeyPosition("retention"));
            return (hard?.Duration("hard", TimeSpan.Zero), true);
        }

        return (fields.Has("retention") ? fields.Duration("retention", TimeSpan.Zero) : null, false);
    }

    private static string? Path(DefinitionReading reading, FieldMap fields, string what, string name)
    {
        if (fields.FixedText(name) is not { } path)
        {
            return null;
        }

        if (path.Value.Split('.') is { Length: > DefinitionLimits.PathNames })
        {
            reading.Errors.Add(
                path.Position, $"{what}: '{name}' has more than {DefinitionLimits.PathNames} names.");
        }
        else if (path.Value.Split('.').Any(string.IsNullOrWhiteSpace))
        {
            reading.Errors.Add(path.Position, $"{what}: '{name}' must be a field's name or a dotted path, not "
                + $"'{DefinitionErrors.Shown(path.Value, 80)}'.");
        }

        return path.Value;
    }
}
