using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>
/// A whole cluster on this machine: PostgreSQL, three directory stores, silos and two fronts. All on loopback, or each
/// silo in a network namespace of its own.
/// </summary>
internal sealed class ClusterSite : SiloSite
{
    /// <summary>The number of one silo more, and of one front more, which start only when told to.</summary>
    public const int SpareSilo = Silos;
    public const int SpareFront = FrontCount;

    private const int MostSilos = Silos + 1;
    private const int MostFronts = FrontCount + 1;

    private readonly (int Silo, int Gateway, int Http)[] _ports;
    private readonly int[] _frontPorts;
    private readonly PostgresCluster _database;
    private readonly SiloNetwork? _network;
    private readonly IReadOnlyDictionary<string, string> _variables;

    private ClusterSite(
        PostgresCluster database, SiloNetwork? network, IReadOnlyDictionary<string, string>? variables)
        : base(MostSilos, MostFronts)
    {
        (_database, _network) = (database, network);
        _variables = variables ?? new Dictionary<string, string>();
        var ports = Ports.Free((3 * MostSilos) + MostFronts);
        _ports = [.. ports.Chunk(3).Take(MostSilos).Select(static of => (of[0], of[1], of[2]))];
        _frontPorts = ports[^MostFronts..];
    }

    /// <summary>The database, which others may use as well.</summary>
    public PostgresCluster Membership => _database;

    private string Database => $"--Orleans:Clustering:ConnectionString={_database.ConnectionString}";

    /// <summary>
    /// Everything runs, and takes events; every process has these environment variables. The network, if any, is the
    /// caller's.
    /// </summary>
    public static async Task<ClusterSite> StartAsync(
        int silos = Silos, SiloNetwork? network = null, IReadOnlyDictionary<string, string>? variables = null)
    {
        var database = network is null
            ? MigratedDatabase.StartAsync()
            : MigratedDatabase.StartAsync(network.DatabaseAddress);
        var site = new ClusterSite(await database, network, variables);
        try
        {
            await site.StartAllAsync(silos);
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }

        return site;
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

    /// <summary>The lines of the file sink at out/{name}, partition by partition, in order.</summary>
    public IReadOnlyList<string> ReadSink(string name) => !Directory.Exists(Path.Combine(Folder, "out", name))
        ? []
        : [.. Directory.GetFiles(Path.Combine(Folder, "out", name), "*.ndjson").Order(StringComparer.Ordinal)
            .Where(static path => !Path.GetFileName(path).StartsWith('.')).SelectMany(File.ReadLines)];

    public Task StopDatabaseAsync() => _database.StopAsync();

    public Task StartDatabaseAsync() => _database.StartAgainAsync();

    public override Uri AddressOfFront(int front) => new($"http://127.0.0.1:{_frontPorts[front]}/");

    protected override ClusterProcess CreateSilo(int silo, string program)
    {
        var (port, gateway, http) = _ports[silo];
        var host = _network?.AddressOf(silo) ?? "127.0.0.1";
        var address = new Uri($"http://{host}:{http}/");
        string[] command =
        [
            .. _network?.Inside(silo) ?? [], program, Database,
            $"--Orleans:Endpoints:AdvertisedIPAddress={host}",
            $"--Orleans:Endpoints:SiloPort={port}", $"--Orleans:Endpoints:GatewayPort={gateway}",
            $"--Pipeline:Urls={address}", .. StoreArguments,
        ];
        return new ClusterProcess(command[0], address, "health/ready", command[1..], _variables);
    }

    protected override ClusterProcess CreateFront(int front, string program)
    {
        var address = AddressOfFront(front);
        return new ClusterProcess(program, address, "health", [Database, $"--Pipeline:Urls={address}"], _variables);
    }

    protected override Task DisposeMachinesAsync() => _database.DisposeAsync().AsTask();
}
