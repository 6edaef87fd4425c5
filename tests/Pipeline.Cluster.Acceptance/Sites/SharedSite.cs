namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>
/// A site under load that tests use one after the other: its start takes longer than most of them. One that a test has
/// failed on is not used again.
/// </summary>
internal sealed class SharedSite<TSite>(Func<Task<SiteUnderLoad<TSite>>> start) : IAsyncDisposable
    where TSite : SiloSite
{
    private SiteUnderLoad<TSite>? _site;

    /// <summary>Silos and fronts as at the start, and a load of its own.</summary>
    public async Task<SiteUnderLoad<TSite>> BeginAsync()
    {
        if (_site is { HasHeld: true } held)
        {
            await held.GoOnAsync();
            return held;
        }

        await DisposeAsync();
        return _site = await start();
    }

    public async ValueTask DisposeAsync()
    {
        if (_site is { } site)
        {
            _site = null;
            await site.DisposeAsync();
        }
    }
}

/// <summary>Three silos on loopback, with a stage.</summary>
public sealed class SilosUnderLoad : IAsyncDisposable
{
    private readonly SharedSite<ClusterSite> _shared = new(() => LoadedCluster.StartAsync(LoadedCluster.Staged));

    internal Task<SiteUnderLoad<ClusterSite>> BeginAsync() => _shared.BeginAsync();

    public ValueTask DisposeAsync() => _shared.DisposeAsync();
}

/// <summary>Three silos behind a proxy, with a stage.</summary>
public sealed class ContainersUnderLoad : IAsyncDisposable
{
    private readonly SharedSite<ContainerSite> _shared =
        new(() => LoadedCluster.StartInContainersAsync(LoadedCluster.Staged));

    internal Task<SiteUnderLoad<ContainerSite>> BeginAsync() => _shared.BeginAsync();

    public ValueTask DisposeAsync() => _shared.DisposeAsync();
}

/// <summary>Three silos, each in a network of its own.</summary>
public sealed class NetworkUnderLoad : IAsyncDisposable
{
    private readonly SharedSite<ClusterSite> _shared;
    private SiloNetwork? _network;

    public NetworkUnderLoad() => _shared = new(
        async () => await LoadedCluster.StartAsync(LoadedCluster.Plain, network: await NewNetworkAsync()));

    internal SiloNetwork Network => _network!;

    internal Task<SiteUnderLoad<ClusterSite>> BeginAsync() => _shared.BeginAsync();

    public async ValueTask DisposeAsync()
    {
        await _shared.DisposeAsync();
        await EndNetworkAsync();
    }

    private async Task<SiloNetwork> NewNetworkAsync()
    {
        await EndNetworkAsync();
        return _network = await SiloNetwork.CreateAsync(SiloSite.Silos);
    }

    private async Task EndNetworkAsync()
    {
        if (_network is { } network)
        {
            _network = null;
            await network.DisposeAsync();
        }
    }
}

/// <summary>Tests that share three silos on loopback.</summary>
[CollectionDefinition(Name)]
public sealed class SilosUnderLoadGroup : ICollectionFixture<SilosUnderLoad>
{
    public const string Name = "silos under load";
}
