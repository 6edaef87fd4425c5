namespace Pipeline.Processing.Tables;

/// <summary>A column of a table.</summary>
/// <param name="Name">As the database has it.</param>
/// <param name="IsWritable">The database does not always make its value itself.</param>
internal sealed record TableColumn(string Name, bool IsWritable);

/// <summary>A table as the database has it.</summary>
/// <param name="Schema">Its schema's name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Columns">In the table's order.</param>
internal sealed record TableShape(string Schema, string Name, IReadOnlyList<TableColumn> Columns)
{
    /// <summary>The columns by which rows replace each other; none: all are new.</summary>
    public IReadOnlyList<int> Key { get; init; } = [];

    /// <summary>Both names, quoted.</summary>
    public string Sql => $"{Quote(Schema)}.{Quote(Name)}";

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>
    /// The number of the column that a field goes to, as it is written or else in any case; -1: none.
    /// </summary>
    public int Find(string field)
    {
        var found = -1;
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == field)
            {
                return i;
            }

            if (string.Equals(Columns[i].Name, field, StringComparison.OrdinalIgnoreCase))
            {
                found = found == -1 ? i : -2;
            }
        }

        return Math.Max(found, -1);
    }
}
