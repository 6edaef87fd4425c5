namespace Pipeline.Definitions.Cases;

/// <summary>Lists within their bounds.</summary>
internal static class Lists
{
    /// <summary>The items of a field; null where it is absent, no list, or too long.</summary>
    public static IReadOnlyList<TextNode>? Of(
        DefinitionReading reading, FieldMap fields, string what, string name, int most) =>
        fields.Node(name) is { } node ? Of(reading, node, $"{what}: '{name}'", most) : null;

    /// <summary>The items of a list; null where it is none, or too long.</summary>
    public static IReadOnlyList<TextNode>? Of(DefinitionReading reading, TextNode node, string what, int most)
    {
        if (node is not TextList list)
        {
            reading.Errors.Add(node, $"{what} must be a list, not {node.Kind}.");
            return null;
        }

        if (list.Items.Count > most)
        {
            reading.Errors.Add(list.Items[most], $"{what} has at most {most} entries.");
            return null;
        }

        return list.Items;
    }
}
