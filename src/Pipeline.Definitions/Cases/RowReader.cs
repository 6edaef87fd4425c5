namespace Pipeline.Definitions.Cases;

/// <summary>Reads events and rows, so many of a file at most.</summary>
internal sealed class RowReader(DefinitionReading reading)
{
    private int _left = CaseLimits.Rows;

    /// <summary>The values of a list, whatever they are; none where it is no list.</summary>
    public IReadOnlyList<WrittenJson> Read(TextNode node, string what)
    {
        if (Lists.Of(reading, node, what, CaseLimits.Rows) is not { } items)
        {
            return [];
        }

        if ((_left -= items.Count) < 0)
        {
            reading.Errors.Add(node, $"A test file has at most {CaseLimits.Rows} events and rows.");
            return [];
        }

        return [.. items.Select(NodeJson.Of)];
    }
}
