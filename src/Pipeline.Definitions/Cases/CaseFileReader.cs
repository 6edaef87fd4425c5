namespace Pipeline.Definitions.Cases;

/// <summary>
/// Reads a test file, YAML 1.2 or JSON as a definition is, with the same bounds on what a text may mean. Which streams
/// and stages there are it does not know. docs/cli.md is the reference of all fields.
/// </summary>
public static class CaseFileReader
{
    private static readonly string[] Endings = [".test.yaml", ".test.yml", ".test.json"];

    private static readonly TextKind Kind = new("test file", "list of cases", CaseLimits.Nodes);

    /// <summary>Whether a file's name says that it holds cases, and no definition.</summary>
    public static bool IsNamed(string path) =>
        Endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Throws nothing but <see cref="OperationCanceledException"/>, whatever the text is.</summary>
    public static CaseFileOutcome Read(string text, CancellationToken cancellationToken = default)
    {
        var reading = new DefinitionReading(text, DefinitionVariables.None);
        var root = TextTree.Read(reading.Masked, reading.Errors, cancellationToken, Kind);
        var file = root is null ? null : File(reading, root);
        return new CaseFileOutcome(reading.Errors.Any ? null : file, reading.Errors.Sorted);
    }

    private static CaseFile? File(DefinitionReading reading, TextNode root)
    {
        if (FieldMap.Read(reading, root, "A test file", "pipeline", "cases") is not { } fields)
        {
            return null;
        }

        var list = Lists.Of(reading, fields, "A test file", "cases", CaseLimits.Cases);
        if (list is null or { Count: 0 })
        {
            if (!reading.Errors.Any)
            {
                reading.Errors.Add(
                    fields.KeyPosition("cases"), "A test file needs 'cases': a list of at least one case.");
            }

            return null;
        }

        var rows = new RowReader(reading);
        var cases = new List<TestCase>();
        foreach (var node in list.TakeWhile(_ => !reading.Errors.IsFull))
        {
            if (CaseReader.Read(reading, rows, node) is { } one)
            {
                var twice = cases.Exists(other => other.Name == one.Name);
                if (twice)
                {
                    reading.Errors.Add(one.Position, $"A second case '{DefinitionErrors.Shown(one.Name, 80)}'.");
                }

                cases.Add(one);
            }
        }

        return new CaseFile(fields.FixedText("pipeline"), cases);
    }
}
