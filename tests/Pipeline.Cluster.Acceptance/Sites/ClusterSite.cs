using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>
/// A whole cluster on this machine: PostgreSQL, three directory stores, silos and two fronts. All on loopback, or each
/// silo in a network namespace of its own.
/// </summary>
internal sealed class ClusterSite : IAsyncDisposable
{
    public const int Silos = 3;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-cluster-").FullName;
    private readonly ClusterProcess?[] _silos = new ClusterProcess?[Silos];
    private readonly ClusterProcess?[] _fronts = new ClusterProcess?[2];
    private readonly (int Silo, int Gateway, int Http)[] _ports;
    private readonly int[] _frontPorts;
    private readonly PostgresCluster _database;
    private readonly SiloNetwork? _network;

    private ClusterSite(PostgresCluster database, SiloNetwork? network)
    {
        (_database, _network) = (database, network);
        var ports = FreePorts((3 * Silos) + 2);
        _ports = [.. Enumerable.Range(0, Silos).Select(i => (ports[3 * i], ports[(3 * i) + 1], ports[(3 * i) + 2]))];
        _frontPorts = ports[^2..];
    }

    public IReadOnlyList<Uri> Fronts => [.. _frontPorts.Select(static port => new Uri($"http://127.0.0.1:{port}/"))];

    private string Database => $"--Orleans:Clustering:ConnectionString={_database.ConnectionString}";

    /// <summary>The stores, for whoever looks at them without a silo.</summary>
    public IReadOnlyList<IStoreSlot> Slots =>
        [.. "abc".Select(name => (IStoreSlot)new DirectorySlot($"{name}", StoreFolder(name)))];

    /// <summary>Everything runs, and takes events. The network, if any, is the caller's.</summary>
    public static async Task<ClusterSite> StartAsync(int silos = Silos, SiloNetwork? network = null)
    {
        var database = network is null ? PostgresCluster.StartAsync() : PostgresCluster.StartAsync(network.DatabaseAddress);
        var site = new ClusterSite(await database, network);
        try
        {
            await Command.MustRunAsync(Built.Silo, "migrate", site.Database);
            await site.StartAllAsync(silos);
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }

        return site;
    }

    public Task StartAllAsync(int silos = Silos) => Task.WhenAll(
        Enumerable.Range(0, silos).Select(StartSiloAsync)
            .Concat(Enumerable.Range(0, _fronts.Length).Select(StartFrontAsync)));

    public Task StartSiloAsync(int silo)
    {
        var (port, gateway, http) = _ports[silo];
        var host = _network?.AddressOf(silo) ?? "127.0.0.1";
        var address = new Uri($"http://{host}:{http}/");
        string[] command =
        [
            .. _network?.Inside(silo) ?? [], Built.Silo, Database, $"--Orleans:Endpoints:AdvertisedIPAddress={host}",
            $"--Orleans:Endpoints:SiloPort={port}", $"--Orleans:Endpoints:GatewayPort={gateway}",
            $"--Pipeline:Urls={address}", $"--Pipeline:Data={_folder}",
            .. "abc".Select(name => $"--Pipeline:Store:{name}={StoreFolder(name)}"),
        ];
        _silos[silo] = new ClusterProcess(command[0], address, "health/ready", command[1..]);
        return _silos[silo]!.IsReadyAsync(StartLimit);
    }

    public Task StartFrontAsync(int front)
    {
        _fronts[front] = new ClusterProcess(Built.Ingest, Fronts[front], "health",
            [Database, $"--Pipeline:Urls={Fronts[front]}"]);
        return _fronts[front]!.IsReadyAsync(StartLimit);
    }

    public Task StopDatabaseAsync() => _database.StopAsync();

    public Task StartDatabaseAsync() => _database.StartAgainAsync();

    public ClusterProcess Silo(int silo) => _silos[silo] ?? throw new InvalidOperationException("not started");

    /// <summary>kill -9 of everything but the database.</summary>
    public void KillAll()
    {
        foreach (var process in _silos.Concat(_fronts))
        {
            process?.Dispose();
        }
    }

    public async Task DefineAsync(string name, string definition)
    {
        using var client = new ServiceClient(Fronts[0]);
        var answer = await client.PutDefinitionAsync(name, definition);
        Assert.True(answer.IsOk, $"{answer}\n{Output}");
    }

    /// <summary>Which partitions of a stream a silo serves, by its own account.</summary>
    public async Task<IReadOnlyList<int>> PartitionsAsync(int silo, string stream)
    {
        var text = await Silo(silo).GetAsync("grains");
        return [.. JsonNode.Parse(text)!["partitions"]!.AsArray().Select(static key => ((string)key!).Split('/'))
            .Where(key => key[0] == stream).Select(static key => int.Parse(key[^1]))];
    }

    public async Task<int[]> SpreadAsync(string stream)
    {
        var counts = new int[Silos];
        for (var silo = 0; silo < Silos; silo++)
        {
            counts[silo] = _silos[silo] is { HasExited: false } ? (await PartitionsAsync(silo, stream)).Count : 0;
        }

        return counts;
    }

    /// <summary>Waits until every silo serves its share of a stream's partitions, ±1.</summary>
    public Task IsEvenAsync(string stream, int partitions, TimeSpan limit)
    {
        var even = Enumerable.Range(0, Silos).Select(silo => (partitions + silo) / Silos).Order();
        return Eventually.GetAsync(
            async () => string.Join(' ', (await SpreadAsync(stream)).Order()),
            counts => counts == string.Join(' ', even),
            limit,
            "partitions spread evenly");
    }

    /// <summary>What all processes printed.</summary>
    public string Output => string.Join(
        "\n---\n", _silos.Concat(_fronts).Select(static process => process?.Output ?? ""));

    public async ValueTask DisposeAsync()
    {
        KillAll();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string StoreFolder(char name) => Path.Combine(_folder, "stores", $"{name}");

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(static listener => listener.Start());
        var ports = listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(static listener => listener.Dispose());
        return ports;
    }
}
