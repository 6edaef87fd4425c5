namespace Pipeline.Definitions.Cases;

/// <summary>Reads what a case expects.</summary>
internal static class ExpectReader
{
    private const string DeadLetters = "dead-letters";

    public static (IReadOnlyList<Expectation> Rows, Located<IReadOnlyList<ExpectedLetter>> Letters) Read(
        DefinitionReading reading, RowReader rows, FieldMap fields, TextPosition owner)
    {
        var found = new List<Expectation>();
        var letters = new Located<IReadOnlyList<ExpectedLetter>>([], owner);
        if (fields.Node("expect") is not { } node)
        {
            reading.Errors.Add(owner, "A case lacks the field 'expect': what comes out of which stage.");
            return (found, letters);
        }

        foreach (var (name, position, value) in FieldMap.Read(reading, node, "'expect'")?.All() ?? [])
        {
            if (name == DeadLetters)
            {
                letters = new Located<IReadOnlyList<ExpectedLetter>>(Letters(reading, value), position);
            }
            else
            {
                found.Add(Rows(reading, rows, new Located<string>(name, position), value));
            }
        }

        return (found, letters);
    }

    private static Expectation Rows(
        DefinitionReading reading, RowReader rows, Located<string> name, TextNode value)
    {
        var what = $"'{DefinitionErrors.Shown(name.Value, 80)}'";
        if (value is not TextMapping)
        {
            return new Expectation(name, rows.Read(value, what), false);
        }

        var fields = FieldMap.Read(reading, value, what, "ordered", "rows");
        if (fields?.Node("rows") is not { } list)
        {
            reading.Errors.Add(value, $"{what} must be a list of rows, or {{ ordered: true, rows: [ … ] }}.");
            return new Expectation(name, [], false);
        }

        return new Expectation(name, rows.Read(list, $"{what}: 'rows'"), fields.Flag("ordered"));
    }

    private static List<ExpectedLetter> Letters(DefinitionReading reading, TextNode node)
    {
        var letters = new List<ExpectedLetter>();
        foreach (var item in Lists.Of(reading, node, $"'{DeadLetters}'", CaseLimits.Rows) ?? [])
        {
            if (FieldMap.Read(reading, item, "A dead letter", "cause", "stage") is { } fields
                && fields.RequiredFixedText("cause", item.Position) is { } cause)
            {
                letters.Add(new ExpectedLetter(cause.Value, fields.FixedText("stage")?.Value, item.Position));
            }
        }

        return letters;
    }
}
