using Npgsql;

namespace Pipeline.Silo.Schema;

/// <summary>
/// Puts the membership tables of Orleans into a PostgreSQL database: the command "migrate", never a silo at its start,
/// which needs no right to create anything. May be run again, also by two at the same time.
/// </summary>
internal static class SchemaMigration
{
    // Any number will do, as long as it is always the same: who migrates holds the lock of this number.
    private const long Lock = 0x506970656c696e65;

    public static async Task RunAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        using var stream = typeof(SchemaMigration).Assembly.GetManifestResourceStream("orleans-postgresql.sql")!;
        using var reader = new StreamReader(stream);
        var script = await reader.ReadToEndAsync(cancellationToken);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, $"SELECT pg_advisory_xact_lock({Lock})", cancellationToken);
        await RunAsync(connection, script, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The text is the program's own.
        await using var command = new NpgsqlCommand(text, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
