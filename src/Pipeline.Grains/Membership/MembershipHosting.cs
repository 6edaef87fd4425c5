using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService;
using Pipeline.Replication.Loops;

namespace Pipeline.Grains.Membership;

/// <summary>
/// Lets Orleans open its connections from a data source where tokens are used; else Orleans takes the connection string
/// from the configuration by itself. Silos that join take turns (<see cref="JoiningTable"/>).
/// </summary>
public static class MembershipHosting
{
    public static ISiloBuilder UseMembership(this ISiloBuilder silo, MembershipDatabase? database)
    {
        if (database is null)
        {
            return silo;
        }

        silo.Services.AddSingleton(_ => database.Open());
        if (database.UsesTokens)
        {
            silo.Services.AddOptions<AdoNetClusteringSiloOptions>().PostConfigure<NpgsqlDataSource>(
                static (options, source) => (options.ConnectionString, options.DataSource) = (null, source));
        }

        silo.Services.TryAddSingleton(static _ => new Supervisor());
        silo.Services.AddSingleton<AdoNetClusteringTable>();
        silo.Services.AddSingleton(static services => new JoinTurn(
            services.GetRequiredService<NpgsqlDataSource>(),
            services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId,
            services.GetRequiredService<Supervisor>()));
        silo.Services.AddSingleton<IMembershipTable>(static services => new JoiningTable(
            services.GetRequiredService<AdoNetClusteringTable>(),
            services.GetRequiredService<JoinTurn>().TakeAsync,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<Supervisor>()));
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
