namespace Pipeline.Definitions;

/// <summary>Reads one entry of <c>sinks:</c>.</summary>
internal static class SinkReader
{
    private static readonly string[] NotBuilt = ["postgres", "webhook"];

    public static SinkDefinition? Read(
        DefinitionReading reading, string name, TextPosition position, TextNode node, QueryStages stages)
    {
        var what = $"Sink '{name}'";
        if (FieldMap.Read(reading, node, what, "from", "files", "postgres", "webhook") is not { } fields)
        {
            return null;
        }

        var from = fields.Has("from") ? fields.FixedText("from") : stages.SourceOf(name, position);
        foreach (var kind in NotBuilt.Where(fields.Has))
        {
            reading.Errors.Add(fields.KeyPosition(kind), $"{what}: '{kind}' sinks are not built yet; 'files' are.");
        }

        if (fields.Node("files") is not { } files)
        {
            if (!NotBuilt.Any(fields.Has))
            {
                reading.Errors.Add(position, $"{what} lacks the field 'files': where it writes.");
            }

            return null;
        }

        var written = Files(reading, what, fields.KeyPosition("files"), files);
        return from is null || written is null
            ? null
            : new SinkDefinition { Name = name, Position = position, From = from, Files = written };
    }

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

        var roll = fields.Node("roll") is { } rollNode
            ? FieldMap.Read(reading, rollNode, $"{what}: 'roll'", "size", "every")
            : null;
        return new FileSinkDefinition
        {
            Path = path.Value,
            WrittenPath = path.Written,
            PathPosition = path.Position,
            RollBytes = roll?.Size("size", FileSinkDefinition.DefaultRollBytes, 1, 16L << 30)
                ?? FileSinkDefinition.DefaultRollBytes,
            RollEvery = roll?.Duration("every", FileSinkDefinition.DefaultRollEvery)
                ?? FileSinkDefinition.DefaultRollEvery,
        };
    }
}
