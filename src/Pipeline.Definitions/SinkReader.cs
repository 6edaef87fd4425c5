namespace Pipeline.Definitions;

/// <summary>Reads one entry of <c>sinks:</c>.</summary>
internal static class SinkReader
{
    private static readonly string[] Kinds = ["files", "blob", "postgres", "webhook"];

    public static SinkDefinition? Read(
        DefinitionReading reading, string name, TextPosition position, TextNode node, QueryStages stages)
    {
        var what = $"Sink '{name}'";
        if (FieldMap.Read(reading, node, what, ["from", .. Kinds]) is not { } fields)
        {
            return null;
        }

        var from = fields.Has("from") ? fields.FixedText("from") : stages.SourceOf(name, position);
        if (Kinds.Where(fields.Has).Skip(1).FirstOrDefault() is { } second)
        {
            reading.Errors.Add(fields.KeyPosition(second), $"{what} says where it writes more than once: "
                + $"{string.Join(", ", Kinds.Where(fields.Has))}. Give each a sink of its own.");
            return null;
        }

        var target = Target(reading, what, fields);
        if (target is null && !Kinds.Any(fields.Has))
        {
            reading.Errors.Add(position, $"{what} lacks the field that says where it writes: "
                + $"{string.Join(", ", Kinds)}.");
        }

        return from is null || target is null
            ? null
            : new SinkDefinition { Name = name, Position = position, From = from, Target = target };
    }

    private static SinkTarget? Target(DefinitionReading reading, string what, FieldMap fields) =>
        fields.Node("files") is { } files ? Files(reading, what, fields.KeyPosition("files"), files)
            : fields.Node("blob") is { } blob ? BlobSinkReader.Read(reading, what, fields.KeyPosition("blob"), blob)
            : fields.Node("postgres") is { } postgres
                ? PostgresSinkReader.Read(reading, what, fields.KeyPosition("postgres"), postgres)
                : fields.Node("webhook") is { } webhook
                    ? WebhookSinkReader.Read(reading, what, fields.KeyPosition("webhook"), webhook)
                    : null;

    private static FileSinkDefinition? Files(
        DefinitionReading reading, string what, TextPosition position, TextNode node)
    {
        if (FieldMap.Read(reading, node, $"{what}: 'files'", "path", "roll") is not { } fields
            || fields.RequiredText("path", position) is not { } path)
        {
            return null;
        }

        if (SinkPath.Mistake(path.Value) is { } mistake)
        {
            reading.Errors.Add(path.Position, $"{what}: 'path' {mistake}.");
            return null;
        }

        var (bytes, every) = Roll(reading, what, fields);
        return new FileSinkDefinition
        {
            Path = path.Value,
            WrittenPath = path.Written,
            PathPosition = path.Position,
            RollBytes = bytes,
            RollEvery = every,
        };
    }

    /// <summary>When a file is published.</summary>
    internal static (long Bytes, TimeSpan Every) Roll(DefinitionReading reading, string what, FieldMap fields)
    {
        var roll = fields.Node("roll") is { } node
            ? FieldMap.Read(reading, node, $"{what}: 'roll'", "size", "every")
            : null;
        return (
            roll?.Size("size", FileTarget.DefaultRollBytes, 1, 16L << 30) ?? FileTarget.DefaultRollBytes,
            roll?.Duration("every", FileTarget.DefaultRollEvery) ?? FileTarget.DefaultRollEvery);
    }
}
