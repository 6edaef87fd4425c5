using YamlDotNet.Core;

namespace Pipeline.Definitions;

/// <summary>One reading of a definition: its text, its variables, its mistakes.</summary>
internal sealed class DefinitionReading(string text, DefinitionVariables variables)
{
    private readonly string _masked = Variables.Mask(text);

    public DefinitionErrors Errors { get; } = new();

    public string Masked => _masked;

    /// <summary>The text with the values of its variables.</summary>
    public string Substitute(TextScalar node)
    {
        var result = Variables.Substitute(node.Value, variables, out var missing, out var refused);
        foreach (var name in refused)
        {
            Errors.Add(node, $"The variable '{name}' may not be read in definitions: whoever runs the host allows "
                + $"it by the setting {DefinitionVariables.Setting} (names separated by commas, * at an end).");
        }

        foreach (var name in missing)
        {
            Errors.Add(node, $"The environment variable '{name}' is not set; ${{{name}:-default}} gives it a default.");
        }

        return result;
    }

    /// <summary>The values that stand for the variables of a text.</summary>
    public IReadOnlyList<string> Values(TextScalar node) => Variables.Values(node.Value, variables);

    /// <summary>The query's text as written (no variables), and where it stands.</summary>
    public QueryText Query(TextScalar node)
    {
        var start = (int)node.Start.Index;
        var position = node.Position;
        switch (node.Style)
        {
            case ScalarStyle.Literal or ScalarStyle.Folded:
                var lineEnd = text.IndexOf('\n', start);
                start = lineEnd < 0 ? text.Length : lineEnd + 1;
                position = new TextPosition(position.Line + 1, 1);
                break;
            case ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted:
                start++;
                position = position with { Column = position.Column + 1 };
                break;
        }

        start = Math.Min(start, text.Length);
        var end = Math.Max(start, Math.Min(text.Length, (int)node.End.Index));
        return new QueryText(
            Variables.Unmask(node.Value), position, text[start..end], node.Style == ScalarStyle.DoubleQuoted);
    }
}
