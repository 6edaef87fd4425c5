using System.Text;
using System.Text.RegularExpressions;

namespace Pipeline.Definitions;

/// <summary>Reads <c>postgres:</c> of a sink. Whether the database has the table is seen when the sink runs.</summary>
internal static partial class PostgresSinkReader
{
    private const string Cursors = "pipeline_cursors";

    private const int MostKeys = 32;

    public static PostgresSinkDefinition? Read(
        DefinitionReading reading, string what, TextPosition position, TextNode node)
    {
        what = $"{what}: 'postgres'";
        if (FieldMap.Read(reading, node, what, "connection", "table", "key") is not { } fields)
        {
            return null;
        }

        var connection = fields.RequiredText("connection", position);
        var table = fields.RequiredFixedText("table", position);
        var key = fields.FixedTexts("key", MostKeys);
        if (connection is null || table is null || (fields.Has("key") && key.Count == 0))
        {
            return null;
        }

        var isRight = true;
        if (Password().IsMatch(connection.Written ?? connection.Value))
        {
            Wrong(connection, "'connection' has a password in it, which everybody would see who may read the "
                + "definition: put the connection string into an environment variable and write ${NAME}");
        }

        if (TableMistake(table.Value) is { } wrongTable)
        {
            Wrong(table, $"'table' {wrongTable}");
        }

        foreach (var column in key)
        {
            if (Mistake(column.Value, 1) is { } wrongKey)
            {
                Wrong(column, $"'key' {wrongKey}: write columns' names as the database has them");
            }
            else if (key.First(other => other.Value == column.Value) != column)
            {
                Wrong(column, $"'key' names '{column.Value}' twice");
            }
        }

        return !isRight ? null : new PostgresSinkDefinition
        {
            Connection = connection.Value,
            WrittenConnection = connection.Written,
            ConnectionPosition = connection.Position,
            Table = table.Value,
            Key = [.. key.Select(static column => column.Value)],
        };

        void Wrong(Located<string> at, string mistake)
        {
            isRight = false;
            reading.Errors.Add(at.Position, $"{what}: {mistake}.");
        }
    }

    private static string? TableMistake(string table) => Mistake(table, 2) is { } mistake
        ? $"{mistake}: write its name as the database has it, or 'schema.table'"
        : table.Split('.')[^1].Equals(Cursors, StringComparison.OrdinalIgnoreCase)
            ? $"must not be {Cursors}: how far each sink has come is kept there"
            : null;

    private static string? Mistake(string text, int parts)
    {
        var names = parts == 1 ? [text] : text.Split('.');
        return names.Length > parts ? $"'{text}' has more than {parts - 1} dot"
            : names.Any(static name => name.Length == 0) ? $"'{text}' has an empty name"
            : names.Any(static name => Encoding.UTF8.GetByteCount(name) > PostgresSinkDefinition.LongestName)
                ? $"'{text}' has a name of more than {PostgresSinkDefinition.LongestName} bytes"
            : text.Any(char.IsControl) ? "has characters that are no text"
            : null;
    }

    /// <summary>A password that stands in the text itself; one that is a variable begins with a masked brace.</summary>
    [GeneratedRegex(@"(^|;)\s*(password|pwd|passwd)\s*=\s*(?!\$\{)[^;\s]", RegexOptions.IgnoreCase)]
    private static partial Regex Password();
}
