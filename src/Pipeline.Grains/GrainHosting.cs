using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime.Hosting;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Storage;
using Orleans.Streams;
using Pipeline.Grains.Clients;
using Pipeline.Grains.Keeping;
using Pipeline.Grains.Membership;
using Pipeline.Grains.Partitions;
using Pipeline.Grains.Spreading;
using Pipeline.Grains.Storage;
using Pipeline.Grains.Streaming;
using Pipeline.Runtime.Clusters;

namespace Pipeline.Grains;

/// <summary>Puts the grains into a silo, and their clients into a front.</summary>
public static class GrainHosting
{
    private static readonly TimeSpan Probe = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a gateway that closes answers what clients had asked before they were told.</summary>
    private static readonly TimeSpan GatewayGrace = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long the directory waits for another silo, then asks anew: after a restart of all, it may ask one of before.
    /// Orleans' standard of 30 s was seen twice in a row.
    /// </summary>
    private static readonly TimeSpan SystemPatience = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a gateway keeps answers for a front that has lost its connection to it. A silo hands whatever its own
    /// grains answer to its own gateway while that knows the front, also where the front asked through another one:
    /// with the default of a minute, a front that did not come back at once got no answer of that silo for so long.
    /// </summary>
    private static readonly TimeSpan ClientPatience = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// How long a front waits for the first thing it asks a gateway, and until it asks the next one (Orleans' standards
    /// are 30 and 5 s): what a gateway that starts just then has lost, it does not answer.
    /// </summary>
    private static readonly TimeSpan ManifestPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ManifestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long until a connection is tried again that was refused by a process that does not listen yet; Orleans'
    /// standard is 1 s.
    /// </summary>
    private static readonly TimeSpan ConnectionPause = TimeSpan.FromMilliseconds(200);

    /// <summary>A silo's grains; <paramref name="node"/> makes what they host.</summary>
    public static ISiloBuilder AddPipelineGrains(this ISiloBuilder silo, Func<IServiceProvider, ClusterNode> node)
    {
        silo.Services.AddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<GrainCluster>();
        silo.Services.AddSingleton(node);
        silo.Services.AddSingleton<LocalPartitions>();
        silo.Services.AddHostedService<KeeperWatch>();
        silo.Services.AddMembershipWait<IMembershipTable>(static (table, cancellationToken) =>
            table.InitializeMembershipTableAsync(tryInitTableVersion: false, cancellationToken));
        silo.Services.AddHostedService<SiloDrain>();
        silo.Services.AddGrainStorage(ReplicatedStorage.ProviderName, static (services, name) => new ReplicatedStorage(
            name,
            services.GetRequiredService<ClusterNode>(),
            services.GetRequiredService<IGrainStorageSerializer>()));
        AddLogStreams(silo.Services);
        silo.UseSiloMetadata();
        silo.Services.AddSingleton<Zones>();
        silo.AddPlacementDirector<SpreadPlacement, SpreadDirector>();
        silo.Configure<ClusterMembershipOptions>(static membership =>
        {
            // A silo that was killed is declared dead in well under a second, a frozen one within four: no vote while a
            // connection to it gave something in the last three of the longest timeouts.
            membership.ProbeTimeout = Probe;
            membership.MaxProbeTimeout = LongestProbe;
            membership.NumMissedProbesLimit = 3;

            // One that wakes after it was declared dead finds out, and ends.
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        });

        // The default directory takes the grains down whose entries a silo that ends had; this one recovers them.
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003

        // No waiting for silos that may still have a grain: the log's epoch keeps a second activation from writing.
        silo.Configure<GrainDirectoryOptions>(static directory => directory.RangeLeaseDuration = TimeSpan.Zero);
        silo.Configure<SiloMessagingOptions>(static messaging =>
        {
            messaging.ClientGatewayShutdownNotificationTimeout = GatewayGrace;
            messaging.SystemResponseTimeout = SystemPatience;
            messaging.ClientDropTimeout = ClientPatience;
        });
        silo.Configure<ConnectionOptions>(RetrySoon);
        return silo;
    }

    /// <summary>What a front needs to serve the HTTP interface from a cluster.</summary>
    public static IClientBuilder AddPipelineGrains(this IClientBuilder client)
    {
        client.Services.AddSingleton(TimeProvider.System);
        client.Services.AddSingleton<GrainCluster>();
        client.Services.AddSingleton<ClusterEngine>();
        client.Services.AddHostedService(static services => services.GetRequiredService<ClusterEngine>());
        client.Services.AddMembershipWait<IGatewayListProvider>(static (gateways, cancellationToken) =>
            gateways.InitializeGatewayListProviderAsync(cancellationToken));
        client.Configure<ClientMessagingOptions>(static messaging => messaging.ResponseTimeout = ManifestPatience);
        client.Configure<TypeManagementOptions>(static types => types.TypeMapRefreshInterval = ManifestPause);
        client.Configure<ConnectionOptions>(RetrySoon);
        client.Configure<GatewayOptions>(static gateways =>
            gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
        AddLogStreams(client.Services);
        return client;
    }

    private static void RetrySoon(ConnectionOptions connections) => connections.ConnectionRetryDelay = ConnectionPause;

    private static void AddMembershipWait<T>(this IServiceCollection services, Func<T, CancellationToken, Task> ask)
        where T : notnull => services.AddHostedService(provider => new MembershipWait(
            cancellationToken => ask(provider.GetRequiredService<T>(), cancellationToken),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MembershipWait>>()));

    private static void AddLogStreams(IServiceCollection services)
    {
        services.AddSingleton<LogStreamHost>();
        services.AddSingleton<LogStreamSources>();
        services.AddKeyedSingleton<IStreamProvider>(LogStreamProvider.ProviderName, static (services, _) =>
            new LogStreamProvider(
                services.GetRequiredService<LogStreamSources>(), services.GetRequiredService<LogStreamHost>()));
    }
}
