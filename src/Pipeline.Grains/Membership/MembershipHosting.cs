using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Configuration;

namespace Pipeline.Grains.Membership;

/// <summary>
/// Lets Orleans open its connections from a data source where tokens are used; else Orleans takes the connection string
/// from the configuration by itself.
/// </summary>
public static class MembershipHosting
{
    public static ISiloBuilder UseMembership(this ISiloBuilder silo, MembershipDatabase? database)
    {
        if (database is { UsesTokens: true })
        {
            silo.Services.AddSingleton(_ => database.Open());
            silo.Services.AddOptions<AdoNetClusteringSiloOptions>().PostConfigure<NpgsqlDataSource>(
                static (options, source) => (options.ConnectionString, options.DataSource) = (null, source));
        }

        return silo;
    }

    public static IClientBuilder UseMembership(this IClientBuilder client, MembershipDatabase? database)
    {
        if (database is { UsesTokens: true })
        {
            client.Services.AddSingleton(_ => database.Open());
            client.Services.AddOptions<AdoNetClusteringClientOptions>().PostConfigure<NpgsqlDataSource>(
                static (options, source) => (options.ConnectionString, options.DataSource) = (null, source));
        }

        return client;
    }
}
