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

    /// <summary>The number of one silo more, and of one front more, which start only when told to.</summary>
    public const int SpareSilo = Silos;
    public const int SpareFront = 2;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-cluster-").FullName;
    private readonly ClusterProcess?[] _silos = new ClusterProcess?[Silos + 1];
    private readonly ClusterProcess?[] _fronts = new ClusterProcess?[SpareFront + 1];
    private readonly (int Silo, int Gateway, int Http)[] _ports;
    private readonly int[] _frontPorts;
    private readonly PostgresCluster _database;
    private readonly SiloNetwork? _network;
    private readonly IReadOnlyDictionary<string, string> _variables;

    private ClusterSite(
        PostgresCluster database, SiloNetwork? network, IReadOnlyDictionary<string, string>? variables)
    {
        (_database, _network) = (database, network);
        _variables = variables ?? new Dictionary<string, string>();
        var ports = FreePorts((3 * _silos.Length) + _fronts.Length);
        _ports = [.. _silos.Select((_, i) => (ports[3 * i], ports[(3 * i) + 1], ports[(3 * i) + 2]))];
        _frontPorts = ports[^_fronts.Length..];
    }

    public IReadOnlyList<Uri> Fronts => [.. Enumerable.Range(0, SpareFront).Select(AddressOfFront)];

    /// <summary>Silos and fronts that were started.</summary>
    public IEnumerable<ClusterProcess> Processes => _silos.Concat(_fronts).OfType<ClusterProcess>();

    private string Database => $"--Orleans:Clustering:ConnectionString={_database.ConnectionString}";

    /// <summary>The stores, for whoever looks at them without a silo.</summary>
    public IReadOnlyList<IStoreSlot> Slots =>
        [.. "abc".Select(name => (IStoreSlot)new DirectorySlot($"{name}", StoreFolder(name)))];

    /// <summary>
    /// Everything runs, and takes events; every process has these environment variables. The network, if any, is the
    /// caller's.
    /// </summary>
    public static async Task<ClusterSite> StartAsync(
        int silos = Silos, SiloNetwork? network = null, IReadOnlyDictionary<string, string>? variables = null)
    {
        var database = network is null
            ? PostgresCluster.StartAsync()
            : PostgresCluster.StartAsync(network.DatabaseAddress);
        var site = new ClusterSite(await database, network, variables);
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
        Enumerable.Range(0, silos).Select(silo => StartSiloAsync(silo))
            .Concat(Enumerable.Range(0, SpareFront).Select(front => StartFrontAsync(front))));

    /// <param name="silo">Which.</param>
    /// <param name="program">Null: as built here.</param>
    public Task StartSiloAsync(int silo, string? program = null)
    {
        var (port, gateway, http) = _ports[silo];
        var host = _network?.AddressOf(silo) ?? "127.0.0.1";
        var address = new Uri($"http://{host}:{http}/");
        string[] command =
        [
            .. _network?.Inside(silo) ?? [], program ?? Built.Silo, Database,
            $"--Orleans:Endpoints:AdvertisedIPAddress={host}",
            $"--Orleans:Endpoints:SiloPort={port}", $"--Orleans:Endpoints:GatewayPort={gateway}",
            $"--Pipeline:Urls={address}", $"--Pipeline:Data={_folder}",
            .. "abc".Select(name => $"--Pipeline:Store:{name}={StoreFolder(name)}"),
        ];
        _silos[silo] = new ClusterProcess(command[0], address, "health/ready", command[1..], _variables);
        return _silos[silo]!.IsReadyAsync(StartLimit);
    }

    /// <param name="front">Which.</param>
    /// <param name="program">Null: as built here.</param>
    public Task StartFrontAsync(int front, string? program = null)
    {
        var address = AddressOfFront(front);
        _fronts[front] = new ClusterProcess(
            program ?? Built.Ingest, address, "health", [Database, $"--Pipeline:Urls={address}"], _variables);
        return _fronts[front]!.IsReadyAsync(StartLimit);
    }

    /// <summary>A store is gone, and cannot be made anew: a file stands in its place.</summary>
    public void LoseStore(char name)
    {
        Directory.Move(StoreFolder(name), StoreFolder(name) + ".lost");
        File.WriteAllText(StoreFolder(name), "not a directory");
    }

    /// <summary>There is room for an empty store where it was.</summary>
    public void GiveStoreBack(char name) => File.Delete(StoreFolder(name));

    /// <summary>Everything of a store can be read, and nothing written or made there; not on every disk.</summary>
    public Task<(int ExitCode, string Output)> MakeReadOnlyAsync(char name) =>
        Command.RunAsync("chattr", "-R", "+i", StoreFolder(name));

    public Task<(int ExitCode, string Output)> MakeWritableAsync(char name) =>
        Command.RunAsync("chattr", "-R", "-i", StoreFolder(name));

    /// <summary>Waits until the command line finds all that must be the same on every store so.</summary>
    public Task IsIdenticalAsync(TimeSpan limit) => Eventually.GetAsync(
        () => Command.RunAsync(
            Built.Cli, ["verify", .. "abc".SelectMany(name => (string[])["--store", $"{name}={StoreFolder(name)}"])]),
        static verify => verify.ExitCode == 0 && verify.Output.StartsWith("3 stores", StringComparison.Ordinal),
        limit,
        "pipeline verify finds all stores identical");

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

    /// <summary>The address and generation of a silo: another one after each start.</summary>
    public async Task<string> AddressAsync(int silo) =>
        (string)JsonNode.Parse(await Silo(silo).GetAsync("grains"))!["silo"]!;

    public async Task<int[]> SpreadAsync(string stream)
    {
        var counts = new int[_silos.Length];
        for (var silo = 0; silo < counts.Length; silo++)
        {
            counts[silo] = _silos[silo] is { HasExited: false } ? (await PartitionsAsync(silo, stream)).Count : 0;
        }

        return counts;
    }

    /// <summary>Waits until every one of the silos serves its share of a stream's partitions, ±1.</summary>
    public Task IsEvenAsync(string stream, int partitions, TimeSpan limit, int silos = Silos)
    {
        var even = Enumerable.Range(0, silos).Select(silo => (partitions + silo) / silos)
            .Concat(Enumerable.Repeat(0, _silos.Length - silos)).Order();
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

    public Uri AddressOfFront(int front) => new($"http://127.0.0.1:{_frontPorts[front]}/");

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
