using System.Text;

namespace Pipeline.Processing.Tables;

/// <summary>
/// The statements that write rows which have the same columns. The rows come as JSON texts ($1), and the database makes
/// values of the columns' types of them; of several rows of one key the last one counts.
/// </summary>
internal sealed class TableStatements(TableShape table)
{
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <param name="shape">The columns' numbers in rising order, by commas.</param>
    public string Insert(string shape) => _known.TryGetValue(shape, out var sql)
        ? sql
        : _known[shape] = Write([.. shape.Split(',').Select(int.Parse)]);

    private string Write(int[] columns)
    {
        var key = Names("r.", table.Key);
        var sql = new StringBuilder();
        sql.Append("INSERT INTO ").Append(table.Sql).Append(" (").Append(Names("", columns)).Append(") SELECT ");
        sql.Append(table.Key.Count > 0 ? $"DISTINCT ON ({key}) " : "");
        sql.Append(Names("r.", columns));
        sql.Append(" FROM unnest($1::text[]) WITH ORDINALITY AS e(j, n) CROSS JOIN LATERAL json_populate_record(");
        sql.Append("NULL::").Append(table.Sql).Append(", e.j::json) AS r ORDER BY ");
        sql.Append(table.Key.Count > 0 ? $"{key}, e.n DESC" : "e.n");
        if (table.Key.Count > 0)
        {
            var others = columns.Except(table.Key).Select(column => TableShape.Quote(table.Columns[column].Name))
                .Select(static name => $"{name} = EXCLUDED.{name}").ToList();
            sql.Append(" ON CONFLICT (").Append(Names("", table.Key)).Append(") DO ");
            sql.Append(others.Count > 0 ? $"UPDATE SET {string.Join(", ", others)}" : "NOTHING");
        }

        return sql.ToString();
    }

    private string Names(string before, IEnumerable<int> columns) =>
        string.Join(", ", columns.Select(column => before + TableShape.Quote(table.Columns[column].Name)));
}
