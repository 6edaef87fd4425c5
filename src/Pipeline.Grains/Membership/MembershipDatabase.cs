using System.Net;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Pipeline.Grains.Membership;

/// <summary>
/// The database of the membership, as Orleans:Clustering says: with a connection string that holds all it takes, or
/// (Authentication=Entra) with tokens in the place of a password.
/// </summary>
public sealed class MembershipDatabase
{
    private const string Section = "Orleans:Clustering";
    private const string Entra = "Entra";

    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan RefreshAfterFailure = TimeSpan.FromSeconds(5);

    private readonly string _connectionString;

    private MembershipDatabase(string connectionString, bool usesTokens) =>
        (_connectionString, UsesTokens) = (connectionString, usesTokens);

    public bool UsesTokens { get; }

    /// <summary>Finds all mistakes; what it gives is of use only where there are none.</summary>
    public static MembershipDatabase Read(IConfiguration configuration, ICollection<string> errors)
    {
        var section = configuration.GetSection(Section);
        var connectionString = section["ConnectionString"] ?? (section["ConnectionName"] is { } name
            ? configuration.GetConnectionString(name)
            : null);
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            errors.Add($"{Section} needs a ConnectionString, or the ConnectionName of one of ConnectionStrings.");
        }

        var authentication = section["Authentication"];
        if (authentication is not (null or Entra))
        {
            errors.Add($"{Section}:Authentication must be Entra, or be left out where the connection string holds all "
                + $"it takes; not '{authentication}'.");
        }
        else if (!string.IsNullOrWhiteSpace(connectionString))
        {
            Check(connectionString, authentication is Entra, errors);
        }

        return new MembershipDatabase(connectionString ?? "", authentication is Entra);
    }

    /// <summary>Where tokens are used, those of the process's identity; others only in tests.</summary>
    public NpgsqlDataSource Open() => Open(UsesTokens ? EntraToken.Default() : null, Refresh, RefreshAfterFailure);

    /// <summary>The same with tokens of another source, asked at once and then by turns.</summary>
    internal NpgsqlDataSource Open(DatabaseToken? token, TimeSpan refresh, TimeSpan refreshAfterFailure)
    {
        var builder = new NpgsqlDataSourceBuilder(_connectionString);
        if (token is not null)
        {
            builder.UsePeriodicPasswordProvider(
                (_, cancellationToken) => token(cancellationToken), refresh, refreshAfterFailure);
        }

        return builder.Build();
    }

    private static void Check(string text, bool usesTokens, ICollection<string> errors)
    {
        NpgsqlConnectionStringBuilder parsed;
        try
        {
            parsed = new NpgsqlConnectionStringBuilder(text);
        }
        catch (ArgumentException wrong)
        {
            errors.Add($"{Section}:ConnectionString cannot be read: {wrong.Message}");
            return;
        }

        if (usesTokens)
        {
            CheckTokens(parsed, errors);
        }
    }

    private static void CheckTokens(NpgsqlConnectionStringBuilder parsed, ICollection<string> errors)
    {
        if (parsed.Password is not null || parsed.Passfile is not null)
        {
            errors.Add($"{Section}:ConnectionString holds a password or a Passfile, and Authentication=Entra takes "
                + "tokens in its place: leave one of the two out.");
        }

        if (string.IsNullOrEmpty(parsed.Username))
        {
            errors.Add($"{Section}:ConnectionString needs a Username with Authentication=Entra: the database role of "
                + "this host's identity.");
        }

        if (parsed.SslMode is not (SslMode.VerifyFull or SslMode.VerifyCA) && !IsLoopback(parsed.Host))
        {
            errors.Add($"{Section}:ConnectionString needs SSL Mode=VerifyFull with Authentication=Entra: another "
                + "server could take the token.");
        }
    }

    private static bool IsLoopback(string? host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
