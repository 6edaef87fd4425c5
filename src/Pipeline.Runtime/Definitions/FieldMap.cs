using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Pipeline.Runtime.Definitions;

/// <summary>The fields of one mapping, read by name and type; what is wrong goes to the errors.</summary>
internal sealed class FieldMap
{
    private readonly Dictionary<string, (YamlScalarNode Key, YamlNode Value)> _fields = [];
    private readonly DefinitionReading _reading;
    private readonly string _what;

    private FieldMap(DefinitionReading reading, YamlNode node, string what)
    {
        _reading = reading;
        _what = what;
        Position = DefinitionErrors.At(node.Start);
    }

    public TextPosition Position { get; }

    /// <summary>Null where the node is not a mapping; names outside <paramref name="known"/> are mistakes.</summary>
    public static FieldMap? Read(DefinitionReading reading, YamlNode node, string what, params string[] known)
    {
        if (node is not YamlMappingNode mapping)
        {
            var empty = node is YamlScalarNode { Value: null or "" };
            if (!empty)
            {
                reading.Errors.Add(node, $"{what} must be a mapping of fields, not {Kind(node)}.");
                return null;
            }

            mapping = [];
        }

        var map = new FieldMap(reading, node, what);
        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } scalar)
            {
                reading.Errors.Add(key, $"{what}: a field's name must be text.");
            }
            else if (known.Length > 0 && !known.Contains(name, StringComparer.Ordinal))
            {
                var comma = name.Contains(' ', StringComparison.Ordinal)
                    ? " Between braces a comma ends a value: put the value in quotes, or on lines of its own after '|'."
                    : "";
                reading.Errors.Add(key, $"{what} has no field '{name}'.{NameSuggestion.For(name, known)}{comma} "
                    + $"Known: {string.Join(", ", known)}.");
            }
            else
            {
                map._fields[name] = (scalar, value);
            }
        }

        return map;
    }

    /// <summary>All fields in the order of the text: for mappings whose names are the user's.</summary>
    public IEnumerable<(string Name, TextPosition Position, YamlNode Value)> All() => _fields
        .OrderBy(field => field.Value.Key.Start.Index)
        .Select(field => (field.Key, DefinitionErrors.At(field.Value.Key.Start), field.Value.Value));

    public YamlNode? Node(string name) => _fields.TryGetValue(name, out var field) ? field.Value : null;

    public bool Has(string name) => _fields.ContainsKey(name);

    public TextPosition KeyPosition(string name) =>
        _fields.TryGetValue(name, out var field) ? DefinitionErrors.At(field.Key.Start) : Position;

    public Located<string>? Text(string name)
    {
        if (Node(name) is not { } node)
        {
            return null;
        }

        if (node is not YamlScalarNode { Value: { } value } scalar)
        {
            Wrong(node, name, "text");
            return null;
        }

        var text = _reading.Substitute(scalar, value);
        if (text.Length == 0)
        {
            Wrong(node, name, "text");
            return null;
        }

        return new Located<string>(text, DefinitionErrors.At(node.Start));
    }

    public Located<string>? RequiredText(string name, TextPosition owner)
    {
        if (!Has(name))
        {
            _reading.Errors.Add(owner, $"{_what} lacks the field '{name}'.");
        }

        return Text(name);
    }

    public Located<int>? Integer(string name, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (!int.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            || value < least || value > most)
        {
            Wrong(Node(name)!, name, $"a whole number from {least} to {most}");
            return null;
        }

        return new Located<int>(value, text.Position);
    }

    public bool Flag(string name) => Choice(name, "false", "true") == "true";

    /// <summary>One of the words; the first where the field is absent or wrong.</summary>
    public string Choice(string name, params string[] words)
    {
        if (Text(name) is not { } text)
        {
            return words[0];
        }

        if (!words.Contains(text.Value, StringComparer.Ordinal))
        {
            Wrong(Node(name)!, name, $"one of {string.Join(", ", words)}");
            return words[0];
        }

        return text.Value;
    }

    public TimeSpan Duration(string name, TimeSpan otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (!Quantity.TryDuration(text.Value, out var duration))
        {
            Wrong(Node(name)!, name, "a duration such as 500ms, 10s, 5m, 12h or 7d");
            return otherwise;
        }

        return duration;
    }

    public long Size(string name, long otherwise, long least, long most)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (!Quantity.TrySize(text.Value, out var bytes) || bytes < least || bytes > most)
        {
            Wrong(Node(name)!, name, $"a size such as 64KiB, 1MiB or 1GiB, from {least} to {most} bytes");
            return otherwise;
        }

        return bytes;
    }

    public void Wrong(YamlNode node, string name, string expected) => _reading.Errors.Add(
        node, $"{_what}: '{name}' must be {expected}, not {Shown(node)}.");

    private static string Shown(YamlNode node) => node is YamlScalarNode { Value.Length: > 0 } scalar
        ? $"'{Variables.Unmask(scalar.Value)}'"
        : Kind(node);

    private static string Kind(YamlNode node) => node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        YamlScalarNode { Value: null or "" } => "empty",
        _ => "text",
    };
}
