using Pipeline.Runtime.Catalog;
using YamlDotNet.RepresentationModel;

namespace Pipeline.Runtime.Definitions;

/// <summary>Reads one entry of <c>stages:</c>.</summary>
internal static class StageReader
{
    private static readonly string[] Fields =
        ["query", "code", "from", "key", "partitions", "lateness", "materialize", "onError", "with"];

    public static StageDefinition? Read(DefinitionReading reading, string name, TextPosition position, YamlNode node)
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

        var code = fields.Text("code");
        var from = fields.Text("from");
        if (fields.Has("query") == fields.Has("code"))
        {
            reading.Errors.Add(position, $"{what} needs either 'query' or 'code'.");
        }
        else if (code is not null && !fields.Has("from"))
        {
            reading.Errors.Add(position, $"{what} lacks the field 'from': what the code reads.");
        }

        return new StageDefinition
        {
            Name = name,
            Position = position,
            Query = Query(reading, fields, what),
            Code = code,
            From = from,
            Key = fields.Text("key"),
            Partitions = fields.Integer("partitions", 1, StreamDefinition.MaxPartitions),
            Lateness = fields.Duration("lateness", TimeSpan.Zero),
            Materialize = fields.Flag("materialize"),
            StopsOnError = fields.Choice("onError", "dead-letter", "stop") == "stop",
            Settings = Settings(reading, fields, what),
        };
    }

    private static QueryText? Query(DefinitionReading reading, FieldMap fields, string what)
    {
        if (fields.Node("query") is not { } node)
        {
            return null;
        }

        if (node is YamlScalarNode { Value.Length: > 0 } scalar)
        {
            return reading.Query(scalar);
        }

        fields.Wrong(node, "query", "text");
        return null;
    }

    private static Dictionary<string, string> Settings(DefinitionReading reading, FieldMap fields, string what)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (fields.Node("with") is not { } node)
        {
            return settings;
        }

        if (!fields.Has("code"))
        {
            reading.Errors.Add(fields.KeyPosition("with"), $"{what}: 'with' gives settings to 'code' only.");
        }

        if (FieldMap.Read(reading, node, $"{what}: 'with'") is { } map)
        {
            foreach (var (name, _, _) in map.All())
            {
                if (map.Text(name) is { } value)
                {
                    settings[name] = value.Value;
                }
            }
        }

        return settings;
    }
}
