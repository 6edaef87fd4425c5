using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>A whole cluster on loopback: PostgreSQL, three directory stores, silos and two fronts.</summary>
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
    private readonly IReadOnlyDictionary<string, string> _variables;

    private ClusterSite(PostgresCluster database, IReadOnlyDictionary<string, string>? variables)
    {
        (_database, _variables) = (database, variables ?? new Dictionary<string, string>());
        var ports = FreePorts((3 * Silos) + 2);
        _ports = [.. Enumerable.Range(0, Silos).Select(i => (ports[3 * i], ports[(3 * i) + 1], ports[(3 * i) + 2]))];
        _frontPorts = ports[^2..];
    }

    public IReadOnlyList<Uri> Fronts => [.. _frontPorts.Select(static port => new Uri($"http://127.0.0.1:{port}/"))];

    /// <summary>Silos and fronts that were started.</summary>
    public IEnumerable<ClusterProcess> Processes => _silos.Concat(_fronts).OfType<ClusterProcess>();

    private string Database => $"--Orleans:Clustering:ConnectionString={_database.ConnectionString}";

    /// <summary>Everything runs, and takes events; every process has these environment variables.</summary>
    public static async Task<ClusterSite> StartAsync(
        int silos = Silos, IReadOnlyDictionary<string, string>? variables = null)
    {
        var site = new ClusterSite(await PostgresCluster.StartAsync(), variables);
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
        var address = new Uri($"http://127.0.0.1:{http}/");
        _silos[silo] = new ClusterProcess(Built.Silo, address, "health/ready",
        [
            Database, $"--Orleans:Endpoints:SiloPort={port}", $"--Orleans:Endpoints:GatewayPort={gateway}",
            $"--Pipeline:Urls={address}", $"--Pipeline:Data={_folder}",
            .. "abc".Select(name => $"--Pipeline:Store:{name}={Path.Combine(_folder, "stores", $"{name}")}"),
        ],
        _variables);
        return _silos[silo]!.IsReadyAsync(StartLimit);
    }

    public Task StartFrontAsync(int front)
    {
        _fronts[front] = new ClusterProcess(Built.Ingest, Fronts[front], "health",
            [Database, $"--Pipeline:Urls={Fronts[front]}"], _variables);
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

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(static listener => listener.Start());
        var ports = listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(static listener => listener.Dispose());
        return ports;
    }
}
