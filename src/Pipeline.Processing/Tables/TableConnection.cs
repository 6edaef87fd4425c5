using Npgsql;
using Pipeline.Definitions;
using Pipeline.Definitions.Planning;

namespace Pipeline.Processing.Tables;

/// <summary>How a table's database is reached, and how its errors are told without the connection's secrets.</summary>
internal sealed class TableConnection
{
    private const string Form = "Host=…;Database=…;Username=…;Password=…";

    private readonly PostgresSinkDefinition _sink;
    private readonly NpgsqlConnectionStringBuilder _parsed;

    public TableConnection(PostgresSinkDefinition sink)
    {
        _sink = sink;
        _parsed = new NpgsqlConnectionStringBuilder(sink.Connection)
        {
            // What was written under a connection that breaks is undone at once, not when a pool lets go of it.
            Pooling = false,
            Enlist = false,
            IncludeErrorDetail = true,
        };
        _parsed.KeepAlive = _parsed.KeepAlive == 0 ? 15 : _parsed.KeepAlive;
        _parsed.ApplicationName ??= "pipeline";
    }

    /// <summary>Host, port, database and table: a password may change.</summary>
    public string Place => $"{_parsed.Host}\n{_parsed.Port}\n{_parsed.Database ?? _parsed.Username}\n{_sink.Table}";

    /// <summary>Connections that cannot be right; whether a database answers is seen when the sink runs.</summary>
    public static IReadOnlyList<DefinitionError> Mistakes(PipelinePlan plan) =>
    [
        .. from sink in plan.Sinks
           let target = sink.Target as PostgresSinkDefinition
           where target is not null
           let mistake = Mistake(target.Connection) ?? FileOfHost(target.WrittenConnection ?? target.Connection)
           where mistake is not null
           select new DefinitionError(target.ConnectionPosition.Line, target.ConnectionPosition.Column,
               $"Sink '{sink.Name}': 'connection' {mistake}."),
    ];

    public NpgsqlConnection Make() => new(_parsed.ConnectionString);

    /// <summary>
    /// What is wrong for people: the server's words, or the cause of a broken connection, without the values of
    /// variables.
    /// </summary>
    public string Reason(Exception error)
    {
        if (error is PostgresException answer)
        {
            return Hide($"{answer.MessageText} ({answer.SqlState})");
        }

        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return Hide(error.Message);
    }

    private static string? Mistake(string connection)
    {
        if (connection.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
            || connection.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase))
        {
            return $"is a URL: write it as {Form}";
        }

        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connection).Host)
                ? $"names no Host: write it as {Form}"
                : null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidCastException)
        {
            // Its text may hold what is secret.
            return $"cannot be read as a connection string of PostgreSQL: write it as {Form}";
        }
    }

    /// <summary>
    /// Files and sockets of the host are its administrator's, who may name them in a variable; whoever may change
    /// definitions is somebody else.
    /// </summary>
    private static string? FileOfHost(string written)
    {
        NpgsqlConnectionStringBuilder parsed;
        try
        {
            parsed = new NpgsqlConnectionStringBuilder(written);
        }
        catch (Exception variable) when (variable is ArgumentException or FormatException or InvalidCastException)
        {
            return null;
        }

        string?[] files = [parsed.Passfile, parsed.SslCertificate, parsed.SslKey, parsed.RootCertificate];
        return files.Any(static file => !string.IsNullOrEmpty(file)) || parsed.Host?.StartsWith('/') == true
            ? "names a file or socket of the host: whoever runs it may give the whole string as a variable, ${NAME}"
            : null;
    }

    private string Hide(string text)
    {
        if (_sink.WrittenConnection is null || _sink.WrittenConnection == _sink.Connection)
        {
            return text;
        }

        foreach (var value in new[] { _parsed.Host, _parsed.Database, _parsed.Username, _parsed.Password })
        {
            text = string.IsNullOrEmpty(value) ? text : text.Replace(value, "…", StringComparison.Ordinal);
        }

        return text;
    }
}
