using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Pipeline.Runtime.Definitions;

/// <summary>One reading of a definition: its text, its variables, its mistakes.</summary>
internal sealed class DefinitionReading(string text, Func<string, string?> variables)
{
    private readonly string _masked = Variables.Mask(text);

    public DefinitionErrors Errors { get; } = new();

    public string Masked => _masked;

    public string Substitute(YamlScalarNode node, string value)
    {
        var result = Variables.Substitute(value, variables, out var missing);
        foreach (var name in missing)
        {
            Errors.Add(node, $"The environment variable '{name}' is not set; ${{{name}:-default}} gives it a default.");
        }

        return result;
    }

    /// <summary>The query's text as written (no variables), and where it stands.</summary>
    public QueryText Query(YamlScalarNode node)
    {
        var start = (int)node.Start.Index;
        var position = DefinitionErrors.At(node.Start);
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

        var end = Math.Max(start, Math.Min(text.Length, (int)node.End.Index));
        return new QueryText(
            Variables.Unmask(node.Value ?? ""), position, text[start..end], node.Style == ScalarStyle.DoubleQuoted);
    }
}
