using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Pipeline.Runtime.Definitions;

/// <summary>A definition, or its mistakes.</summary>
public sealed record DefinitionOutcome(PipelineDefinition? Definition, IReadOnlyList<DefinitionError> Errors);

/// <summary>
/// Reads a definition from YAML 1.2 or JSON (the same reader: flow style). Needs nothing but the text, so it also
/// serves <c>pipeline lint</c>. docs/pipelines.md is the reference of all fields.
/// </summary>
public static class DefinitionReader
{
    public const int MaxTextLength = 1 << 20;

    /// <summary>Reads one pipeline; <paramref name="variables"/> looks up <c>${NAME}</c>.</summary>
    public static DefinitionOutcome Read(string text, Func<string, string?> variables)
    {
        var reading = new DefinitionReading(text, variables);
        var root = Parse(reading, text);
        var definition = root is null ? null : Pipeline(reading, root);
        return new DefinitionOutcome(reading.Errors.Any ? null : definition, reading.Errors.Sorted);
    }

    private static YamlNode? Parse(DefinitionReading reading, string text)
    {
        if (text.Length > MaxTextLength)
        {
            reading.Errors.Add(TextPosition.Start, $"The definition is longer than {MaxTextLength} characters.");
            return null;
        }

        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(reading.Masked));
            if (yaml.Documents.Count == 1)
            {
                return yaml.Documents[0].RootNode;
            }

            reading.Errors.Add(TextPosition.Start, yaml.Documents.Count == 0
                ? "The definition is empty."
                : "A file holds one pipeline: there is more than one YAML document.");
        }
        catch (YamlException error)
        {
            reading.Errors.Add(DefinitionErrors.At(error.Start), $"Not valid YAML: {Reason(error)}");
        }

        return null;
    }

    private static string Reason(YamlException error)
    {
        var message = (error.InnerException ?? error).Message;
        return Variables.Unmask(message).TrimEnd('.') + ".";
    }

    private static PipelineDefinition? Pipeline(DefinitionReading reading, YamlNode root)
    {
        var fields = FieldMap.Read(reading, root, "A pipeline", "name", "streams", "stages", "sinks");
        if (fields?.RequiredText("name", TextPosition.Start) is not { } name)
        {
            return null;
        }

        if (!IsName(name.Value))
        {
            reading.Errors.Add(name.Position, $"'{name.Value}' is not a pipeline's name: {NameRule}.");
        }

        return new PipelineDefinition
        {
            Name = name.Value,
            NamePosition = name.Position,
            Streams = Named(reading, fields, "streams", "stream", (stream, at, node) =>
                StreamReader.Read(reading, name.Value, stream, at, node)),
            Stages = Named(reading, fields, "stages", "stage", (stage, at, node) =>
                StageReader.Read(reading, stage, at, node)),
            Sinks = Named(reading, fields, "sinks", "sink", (sink, at, node) =>
                SinkReader.Read(reading, sink, at, node)),
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
        Func<string, TextPosition, YamlNode, T?> read)
        where T : class
    {
        var items = new List<T>();
        if (fields.Node(field) is not { } node || FieldMap.Read(reading, node, $"'{field}'") is not { } map)
        {
            return items;
        }

        foreach (var (name, position, value) in map.All())
        {
            if (!IsName(name))
            {
                reading.Errors.Add(position, $"'{name}' is not a {what}'s name: {NameRule}.");
            }

            if (read(name, position, value) is { } item)
            {
                items.Add(item);
            }
        }

        return items;
    }
}
