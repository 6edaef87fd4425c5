using Npgsql;
using Pipeline.Processing.Sinks;

namespace Pipeline.Processing.Tables;

/// <summary>Which cursor: of one sink instance, of one deployment.</summary>
/// <param name="Catalog">The catalog's id, which no other deployment has.</param>
/// <param name="Incarnation">The pipeline's, which is never given again.</param>
/// <param name="Sink">The sink.</param>
/// <param name="Stream">The number of the stream it reads.</param>
/// <param name="Partition">The partition it reads.</param>
/// <param name="Pipeline">The pipeline's name, for people.</param>
internal sealed record TableCursorKey(
    string Catalog, long Incarnation, string Sink, long Stream, int Partition, string Pipeline);

/// <summary>
/// The table of cursors, beside the table that is written: one row a sink instance, with the epoch that alone may move
/// it. Whoever moves it locks its row until the rows before it are committed too.
/// </summary>
internal sealed class TableCursors(NpgsqlConnection connection, string schema, TableCursorKey key)
{
    private const string Where =
        "WHERE catalog = $1 AND incarnation = $2 AND sink = $3 AND stream = $4 AND partition = $5";

    private const string Backend = "a.pid, a.backend_start FROM pg_stat_activity a WHERE a.pid = pg_backend_pid()";

    private readonly string _table = $"{TableShape.Quote(schema)}.pipeline_cursors";

    /// <summary>The statement that moves it, and does nothing where it is not this epoch's or not there.</summary>
    public NpgsqlBatchCommand Move(long epoch, long from, long to)
    {
        var command = new NpgsqlBatchCommand(
            $"UPDATE {_table} SET position = $8, changed = now() {Where} AND epoch = $6 AND position = $7");
        Add(command.Parameters, [.. Named, epoch, from, to]);
        return command;
    }

    /// <summary>Makes the table where there is none.</summary>
    public async ValueTask CreateAsync(CancellationToken cancellationToken)
    {
        if (await ScalarAsync("SELECT to_regclass($1)::text", cancellationToken, _table) is string)
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ScalarAsync("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", cancellationToken, _table);
        await ScalarAsync(
            $"""
            CREATE TABLE IF NOT EXISTS {_table} (
                catalog text, incarnation bigint, sink text, stream bigint, partition integer,
                epoch bigint NOT NULL, position bigint NOT NULL, pipeline text NOT NULL,
                backend integer, backend_start timestamptz,
                changed timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (catalog, incarnation, sink, stream, partition))
            """,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The cursor, from now on this epoch's; null where a later one has it.</summary>
    public async ValueTask<long?> EnterAsync(SinkEntrance entrance, CancellationToken cancellationToken)
    {
        await EndOlderAsync(entrance.Epoch, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var held = await HeldAsync(cancellationToken);
        if (held?.Epoch > entrance.Epoch)
        {
            return null;
        }

        if (held is { } other && other.Position > entrance.RestoredEnd
            && entrance.Epoch - other.Epoch > SinkEntrance.HistoryEpochs)
        {
            throw new SinkTargetException(
                $"target: {_table} is at {other.Position}, and the stream was restored from a backup that ended at "
                    + $"{entrance.RestoredEnd}: the rows from there on are of events that this stream does not have. "
                    + $"Take them out of the table, and set position to {entrance.RestoredEnd} in {_table}",
                needsPerson: true);
        }

        if (held is null && entrance.IsKnown)
        {
            throw new SinkTargetException(
                $"target: the table {_table} has no cursor of this sink any more, and its rows before "
                    + $"{entrance.Cursor} may be missing: bring the database back as it was, or delete "
                    + "the pipeline and apply it anew to write all rows again",
                needsPerson: true);
        }

        var cursor = entrance.IsKnown ? held!.Value.Position : Math.Max(held?.Position ?? 0, entrance.Cursor);
        await ScalarAsync(
            held is null
                ? $"INSERT INTO {_table} (catalog, incarnation, sink, stream, partition, epoch, position, pipeline, "
                    + "backend, backend_start) SELECT $1::text, $2::bigint, $3::text, $4::bigint, $5::integer, "
                    + $"$6::bigint, $7::bigint, $8::text, {Backend}"
                : $"UPDATE {_table} SET (epoch, position, pipeline, changed, backend, backend_start) = "
                    + $"(SELECT $6::bigint, $7::bigint, $8::text, now(), {Backend}) {Where}",
            cancellationToken,
            [.. Named, entrance.Epoch, cursor, key.Pipeline]);
        await transaction.CommitAsync(cancellationToken);
        return cursor;
    }

    private object[] Named => [key.Catalog, key.Incarnation, key.Sink, key.Stream, key.Partition];

    /// <summary>
    /// Ends the connection of an activation before, where the server still has it: one that hangs would keep its rows,
    /// which are not committed, and the lock on the cursor.
    /// </summary>
    private async ValueTask EndOlderAsync(long epoch, CancellationToken cancellationToken) => await ScalarAsync(
        $"""
        SELECT pg_terminate_backend(a.pid) FROM {_table} c JOIN pg_stat_activity a
            ON a.pid = c.backend AND a.backend_start = c.backend_start AND a.usename = current_user
        {Where} AND epoch < $6
        """,
        cancellationToken,
        [.. Named, epoch]);

    private async ValueTask<(long Epoch, long Position)?> HeldAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT epoch, position FROM {_table} {Where} FOR UPDATE", connection);
        Add(command.Parameters, Named);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    private async ValueTask<object?> ScalarAsync(
        string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Add(command.Parameters, parameters);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static void Add(NpgsqlParameterCollection to, object[] values)
    {
        foreach (var value in values)
        {
            to.Add(new NpgsqlParameter { Value = value });
        }
    }
}
