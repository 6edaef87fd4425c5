using System.Globalization;

namespace Pipeline.Definitions;

/// <summary>The fields of one mapping, read by name and type; what is wrong goes to the errors.</summary>
internal sealed class FieldMap
{
    private const int MostShown = 80;

    private readonly Dictionary<string, TextField> _fields = new(StringComparer.Ordinal);
    private readonly DefinitionReading _reading;
    private readonly string _what;

    private FieldMap(DefinitionReading reading, TextNode node, string what)
    {
        _reading = reading;
        _what = what;
        Position = node.Position;
    }

    public TextPosition Position { get; }

    /// <summary>Null where the node is not a mapping; names outside <paramref name="known"/> are mistakes.</summary>
    public static FieldMap? Read(DefinitionReading reading, TextNode node, string what, params string[] known)
    {
        if (node is not (TextMapping or TextScalar { IsNull: true }))
        {
            reading.Errors.Add(node, $"{what} must be a mapping of fields, not {node.Kind}.");
            return null;
        }

        var map = new FieldMap(reading, node, what);
        foreach (var field in (node as TextMapping)?.Fields ?? [])
        {
            if (known.Length > 0 && !known.Contains(field.Key.Value, StringComparer.Ordinal))
            {
                map.Unknown(field.Key, known);
            }
            else if (known.Length == 0 || field.Value is not TextScalar { IsNull: true })
            {
                map._fields[field.Key.Value] = field;
            }
        }

        return map;
    }

    private void Unknown(TextScalar key, string[] known)
    {
        if (_reading.Errors.IsFull)
        {
            _reading.Errors.Add(key, "");
            return;
        }

        var comma = key.Value.Contains(' ', StringComparison.Ordinal)
            ? " Between braces a comma ends a value: put the value in quotes, or on lines of its own after '|'."
            : "";
        _reading.Errors.Add(key, $"{_what} has no field '{DefinitionErrors.Shown(key.Value, MostShown)}'."
            + $"{NameSuggestion.For(key.Value, known)}{comma} Known: {string.Join(", ", known)}.");
    }

    /// <summary>All fields in the order of the text: for mappings whose names are the user's.</summary>
    public IEnumerable<(string Name, TextPosition Position, TextNode Value)> All() => _fields.Values
        .OrderBy(field => field.Key.Start.Index)
        .Select(field => (field.Key.Value, field.Key.Position, field.Value));

    public TextNode? Node(string name) => _fields.TryGetValue(name, out var field) ? field.Value : null;

    public bool Has(string name) => _fields.ContainsKey(name);

    public TextPosition KeyPosition(string name) =>
        _fields.TryGetValue(name, out var field) ? field.Key.Position : Position;

    /// <summary>A text with the values of its variables.</summary>
    public Located<string>? Text(string name)
    {
        if (Node(name) is not { } node)
        {
            return null;
        }

        if (node is not TextScalar { IsNull: false, Value: var value } scalar)
        {
            Wrong(node, name, "text");
            return null;
        }

        var text = _reading.Substitute(scalar);
        if (text.Length == 0)
        {
            Wrong(node, name, "text");
            return null;
        }

        return new Located<string>(text, node.Position)
        {
            Written = Variables.Unmask(value),
            Values = _reading.Values(scalar),
        };
    }

    /// <summary>
    /// A text that names something, or says where events lie: it is shown, and kept in the catalog, so that no
    /// variable's value may stand in it.
    /// </summary>
    public Located<string>? FixedText(string name)
    {
        var text = Text(name);
        if (text is null || Node(name) is not TextScalar scalar || !Variables.AreIn(scalar.Value))
        {
            return text;
        }

        _reading.Errors.Add(scalar, $"{_what}: '{name}' must be written out, not '{scalar.Value}': it is shown to "
            + "everybody and must not change with the host's environment.");
        return null;
    }

    /// <summary>One text or a list of texts, written out; none where the field is absent or wrong.</summary>
    public IReadOnlyList<Located<string>> FixedTexts(string name, int most)
    {
        var texts = new List<Located<string>>();
        IReadOnlyList<TextNode> items = Node(name) switch
        {
            null => [],
            TextList list => list.Items,
            var one => [one],
        };
        if (items.Count > most || Node(name) is TextList { Items.Count: 0 })
        {
            Wrong(Node(name)!, name, $"a text or a list of 1 to {most} texts");
            return [];
        }

        foreach (var item in items)
        {
            if (item is not TextScalar { IsNull: false, Value: { Length: > 0 } value } || Variables.AreIn(value))
            {
                Wrong(item, name, "a text or a list of texts, written out");
                return [];
            }

            texts.Add(new Located<string>(value, item.Position));
        }

        return texts;
    }

    /// <summary>As <see cref="FixedText"/>, where the field must be there.</summary>
    public Located<string>? RequiredFixedText(string name, TextPosition owner)
    {
        Require(name, owner);
        return FixedText(name);
    }

    public Located<string>? RequiredText(string name, TextPosition owner)
    {
        Require(name, owner);
        return Text(name);
    }

    private void Require(string name, TextPosition owner)
    {
        if (!Has(name))
        {
            _reading.Errors.Add(owner, $"{_what} lacks the field '{name}'.");
        }
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

    public void Wrong(TextNode node, string name, string expected) => _reading.Errors.Add(
        node, $"{_what}: '{name}' must be {expected}, not {Shown(node)}.");

    private static string Shown(TextNode node) => node is TextScalar { IsNull: false, Value.Length: > 0 } scalar
        ? $"'{DefinitionErrors.Shown(scalar.Value, MostShown)}'"
        : node.Kind;
}
