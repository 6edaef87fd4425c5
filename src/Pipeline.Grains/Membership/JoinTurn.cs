using System.Data.Common;
using System.Net.Sockets;
using Npgsql;
using Pipeline.Replication.Loops;

namespace Pipeline.Grains.Membership;

/// <summary>
/// A transaction's advisory lock in the membership's database, for silos that join. It is a courtesy: where it cannot
/// be had within a second they go on without it (two where the database does not answer), and who holds it and does
/// nothing for two seconds loses it.
/// </summary>
/// <param name="source">Where its connections are opened.</param>
/// <param name="clusterId">Silos of another cluster in the same database have another lock.</param>
/// <param name="supervisor">Told what nobody expected.</param>
internal sealed class JoinTurn(NpgsqlDataSource source, string clusterId, Supervisor supervisor)
{
    /// <summary>For a database that does not answer: to Npgsql, a token is no reason to end a login.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The turn, which lasts until it is disposed of; null where it cannot be had.</summary>
    public async Task<IAsyncDisposable?> TakeAsync(CancellationToken cancellationToken)
    {
        var taken = TryTakeAsync(cancellationToken);
        try
        {
            return await taken.WaitAsync(Patience, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            supervisor.Run("join turn", () => GiveBackAsync(taken));
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static async Task GiveBackAsync(Task<Turn?> taken) =>
        await ((await taken)?.DisposeAsync() ?? ValueTask.CompletedTask);

    private async Task<Turn?> TryTakeAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancellationToken);
            await connection.BeginTransactionAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SET LOCAL lock_timeout = '1s'"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SET LOCAL idle_in_transaction_session_timeout = '2s'"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = $"join {clusterId}" } },
            });
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return new Turn(connection);
        }
        catch (Exception fault) when (IsOfDatabase(fault) || fault is OperationCanceledException)
        {
            await (connection is null ? ValueTask.CompletedTask : new Turn(connection).DisposeAsync());
            return null;
        }
    }

    private static bool IsOfDatabase(Exception fault) =>
        fault is DbException or SocketException or TimeoutException;

    /// <summary>Closing the connection rolls its transaction back, which releases the lock.</summary>
    private sealed class Turn(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await connection.DisposeAsync();
            }
            catch (Exception fault) when (IsOfDatabase(fault))
            {
                // The server ended the session, and with it the lock.
            }
        }
    }
}
