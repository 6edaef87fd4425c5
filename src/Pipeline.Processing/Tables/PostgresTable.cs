using System.Data;
using System.Net.Sockets;
using Npgsql;
using Pipeline.Definitions;
using Pipeline.Processing.Instances;
using Pipeline.Processing.Sinks;

namespace Pipeline.Processing.Tables;

/// <summary>
/// A table of PostgreSQL: rows and cursor in one transaction. Its connection is its own and closes with it, so that
/// nothing of an activation that is gone stays open for long.
/// </summary>
internal sealed class PostgresTable(PostgresSinkDefinition sink, Func<TableCursorKey> key) : ISinkTarget
{
    private const string Limits = "SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '20s'";

    private readonly TableConnection _to = new(sink);
    private NpgsqlConnection? _connection;
    private TableCursors? _cursors;
    private TableRows? _rows;
    private TableStatements? _statements;
    private long _epoch;

    public ReadOnlyMemory<byte> Mark => SinkMark.Of(_to.Place);

    public async ValueTask<long?> EnterAsync(SinkEntrance entrance, CancellationToken cancellationToken)
    {
        try
        {
            _connection = _to.Make();
            await _connection.OpenAsync(cancellationToken);
            await using var limits = new NpgsqlCommand(Limits, _connection);
            await limits.ExecuteNonQueryAsync(cancellationToken);
            var table = await TableReader.ReadAsync(_connection, sink, cancellationToken);
            Take(table);
            _cursors = new TableCursors(_connection, table.Schema, key());
            _epoch = entrance.Epoch;
            await _cursors.CreateAsync(cancellationToken);
            return await _cursors.EnterAsync(entrance, cancellationToken);
        }
        catch (Exception error) when (IsOfDatabase(error))
        {
            throw Failure(error);
        }
    }

    public async ValueTask<SinkAnswer> WriteAsync(SinkBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            var (runs, refusal) = _rows!.Make(batch.Rows);
            if (refusal is not null)
            {
                // That is the last word on a row, and the table may have changed since it was looked at.
                Take(await TableReader.ReadAsync(_connection!, sink, cancellationToken));
                (runs, refusal) = _rows.Make(batch.Rows);
            }

            if (refusal is { } answer)
            {
                return answer;
            }

            await using var transaction = await _connection!.BeginTransactionAsync(cancellationToken);
            await using var commands = new NpgsqlBatch(_connection, transaction);
            var move = _cursors!.Move(_epoch, batch.From, batch.Next);
            commands.BatchCommands.Add(move);
            foreach (var (shape, rows) in runs)
            {
                commands.BatchCommands.Add(new NpgsqlBatchCommand(_statements!.Insert(shape))
                {
                    Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. rows] } },
                });
            }

            await commands.ExecuteNonQueryAsync(cancellationToken);
            if (move.RecordsAffected != 1)
            {
                return new SinkAnswer(SinkVerdict.Overtaken);
            }

            await transaction.CommitAsync(cancellationToken);
            return new SinkAnswer(SinkVerdict.Written);
        }
        catch (PostgresException error) when (batch.Rows.Count > 0 && IsOfRow(error))
        {
            return new SinkAnswer(SinkVerdict.Refused, $"{sink.Table}: {error.MessageText} ({error.SqlState})"
                + (error.Detail is { } detail ? $" {detail}" : ""));
        }
        catch (Exception error) when (IsOfDatabase(error))
        {
            throw Failure(error);
        }
    }

    private void Take(TableShape table) => (_rows, _statements) = (new TableRows(table), new TableStatements(table));

    public async ValueTask LeaveAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            try
            {
                await connection.DisposeAsync();
            }
            catch (Exception error) when (IsOfDatabase(error))
            {
                // It was broken already.
            }
        }
    }

    /// <summary>
    /// Values that do not fit, constraints, views' checks, policies of row-level security, what triggers raise, what no
    /// index can hold: the same row would be refused again. Codes do not tell all of these from what a person must
    /// change, but the server's own routine that reports them does. A trigger that raises what the server says of
    /// itself is believed.
    /// </summary>
    private static bool IsOfRow(PostgresException error) =>
        error.SqlState[..2] is "22" or "23" or "44" or "P0" || error.SqlState == PostgresErrorCodes.ProgramLimitExceeded
        || error.Routine == "ExecWithCheckOptions"
        || (error.Routine == "exec_stmt_raise"
            && error.SqlState[..2] is not ("08" or "40" or "53" or "57" or "58" or "XX"));

    /// <summary>Whoever logs in, rights, names, features: somebody has to change something.</summary>
    private static bool NeedsPerson(string state) => state[..2] is "0A" or "28" or "3D" or "3F" or "42";

    /// <summary>A connection that broke meanwhile is also told as a call in a wrong state.</summary>
    private bool IsOfDatabase(Exception error) =>
        error is NpgsqlException or SocketException or TimeoutException or IOException
        || (error is InvalidOperationException && _connection is not { State: ConnectionState.Open });

    private SinkTargetException Failure(Exception error) => error is PostgresException { SqlState: var state }
        && NeedsPerson(state)
            ? new SinkTargetException($"target: {_to.Reason(error)}", needsPerson: true, error)
            : new SinkTargetException($"target: {_to.Reason(error)}", needsPerson: false, error);
}
