using Npgsql;
using Pipeline.Definitions;
using Pipeline.Processing.Sinks;

namespace Pipeline.Processing.Tables;

/// <summary>Reads what a table looks like.</summary>
internal static class TableReader
{
    private const string FindTable = """
        SELECT c.oid::bigint, n.nspname::text, c.relname::text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname IN ($2, lower($2)) AND c.relkind IN ('r', 'p')
          AND CASE WHEN $1 = '' THEN pg_table_is_visible(c.oid) ELSE n.nspname IN ($1, lower($1)) END
        ORDER BY c.relname = $2 DESC, n.nspname = $1 DESC LIMIT 1
        """;

    private const string ReadColumns = """
        SELECT attname::text, attgenerated = '' AND attidentity <> 'a' FROM pg_attribute
        WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum
        """;

    private const string ReadKeys = """
        SELECT array_agg(a.attname::text)
        FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])
        WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        GROUP BY i.indexrelid
        """;

    /// <summary>Fails with <see cref="SinkTargetException"/> where the table does not suit the definition.</summary>
    public static async ValueTask<TableShape> ReadAsync(
        NpgsqlConnection connection, PostgresSinkDefinition sink, CancellationToken cancellationToken)
    {
        var dot = sink.Table.IndexOf('.', StringComparison.Ordinal);
        var found = await RowsAsync(
            connection,
            FindTable,
            static row => (Id: row.GetInt64(0), Schema: row.GetString(1), Name: row.GetString(2)),
            cancellationToken,
            sink.Table[..Math.Max(0, dot)],
            sink.Table[(dot + 1)..]);
        if (found is not [var table])
        {
            throw Unfit($"there is no table {sink.Table}: create it, it needs a column for each field of the events");
        }

        var columns = await RowsAsync(
            connection,
            ReadColumns,
            static row => new TableColumn(row.GetString(0), row.GetBoolean(1)),
            cancellationToken,
            table.Id);
        if (columns.Count == 0)
        {
            // It was dropped, or another one took its place, between the two looks.
            throw Unfit($"the table {sink.Table} is being changed, or has no columns");
        }

        var shape = new TableShape(table.Schema, table.Name, columns);
        return sink.Key.Count == 0
            ? shape
            : await WithKeyAsync(connection, shape, table.Id, sink, cancellationToken);
    }

    private static async ValueTask<TableShape> WithKeyAsync(
        NpgsqlConnection connection,
        TableShape shape,
        long id,
        PostgresSinkDefinition sink,
        CancellationToken cancellationToken)
    {
        if (sink.Key.FirstOrDefault(name => shape.Find(name) < 0) is { } missing)
        {
            throw Unfit($"the table {sink.Table} has no column '{missing}' to be a key");
        }

        var key = sink.Key.Select(shape.Find).ToArray();
        var names = key.Select(column => shape.Columns[column].Name).ToHashSet(StringComparer.Ordinal);
        var unique = await RowsAsync(
            connection, ReadKeys, static row => row.GetFieldValue<string[]>(0), cancellationToken, id);
        if (!unique.Exists(names.SetEquals))
        {
            var columns = string.Join(", ", names.Select(TableShape.Quote));
            throw Unfit($"the table {sink.Table} has no unique index over just its key: CREATE UNIQUE INDEX ON "
                + $"{shape.Sql} ({columns})");
        }

        return shape with { Key = key };
    }

    private static async ValueTask<List<T>> RowsAsync<T>(
        NpgsqlConnection connection,
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static SinkTargetException Unfit(string reason) => new($"target: {reason}", needsPerson: true);
}
