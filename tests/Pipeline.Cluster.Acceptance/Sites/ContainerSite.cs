using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>
/// A cluster in the shape it has on Container Apps. Each silo is on a machine of its own (a network namespace), listens
/// on the same ports as all others, and is reached only through a proxy: one address for all, a pair of ports for each.
/// The fronts are on yet another machine, listen on all addresses, and ask for a key.
/// </summary>
internal sealed class ContainerSite : SiloSite
{
    private const int SiloPort = 11111;
    private const int GatewayPort = 30000;
    private const int HttpPort = 8080;

    private readonly List<NetworkNamespace> _machines = [];
    private readonly List<(TcpForwarder Silo, TcpForwarder Gateway)> _ports = [];
    private readonly PostgresCluster _database;
    private TcpForwarder? _databasePort;

    private ContainerSite(PostgresCluster database)
        : base(Silos, FrontCount) => _database = database;

    public override string Key { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private NetworkNamespace FrontMachine => _machines[Silos];

    /// <summary>The one address at which all silos and the database are found.</summary>
    private IPAddress Environment => FrontMachine.Outside;

    private string Database => string.Create(
        CultureInfo.InvariantCulture,
        $"--Orleans:Clustering:ConnectionString=Host={Environment};Port={_databasePort!.Port};Username=postgres;"
        + $"Database=postgres");

    /// <summary>Everything runs, and takes events.</summary>
    public static async Task<ContainerSite> StartAsync()
    {
        var site = new ContainerSite(await MigratedDatabase.StartAsync());
        try
        {
            await site.WireAsync();
            await site.StartAllAsync();
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }

        return site;
    }

    public override Uri AddressOfFront(int front) => AddressOf(FrontMachine, HttpPort + front);

    /// <summary>Breaks every connection to and between silos, once.</summary>
    public void CutAll()
    {
        foreach (var forwarder in _ports.SelectMany(static pair => new[] { pair.Silo, pair.Gateway }))
        {
            forwarder.Cut();
            forwarder.Heal();
        }
    }

    /// <summary>How many connections the proxy has passed on to each silo and gateway.</summary>
    public string Connections => string.Join(
        ", ", _ports.Select(static pair => $"{pair.Silo.Accepted}+{pair.Gateway.Accepted}"));

    protected override ClusterProcess CreateSilo(int silo, string program) =>
        Start(_machines[silo], program, AddressOf(_machines[silo], HttpPort), "health/ready",
        [
            $"--Orleans:Endpoints:AdvertisedIPAddress={Environment}",
            $"--Orleans:Endpoints:SiloPort={_ports[silo].Silo.Port}",
            $"--Orleans:Endpoints:GatewayPort={_ports[silo].Gateway.Port}",
            $"--Orleans:Endpoints:SiloListeningEndpoint=0.0.0.0:{SiloPort}",
            $"--Orleans:Endpoints:GatewayListeningEndpoint=0.0.0.0:{GatewayPort}",
            .. StoreArguments,
        ]);

    protected override ClusterProcess CreateFront(int front, string program) =>
        Start(FrontMachine, program, AddressOfFront(front), "health",
        [
            $"--Pipeline:Auth:Keys:test:Hash={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))}",
            "--Pipeline:Auth:Keys:test:Roles=producer,reader,operator",
        ]);

    protected override async Task DisposeMachinesAsync()
    {
        _databasePort?.Dispose();
        _ports.ForEach(static pair => pair.Silo.Dispose());
        _ports.ForEach(static pair => pair.Gateway.Dispose());
        foreach (var machine in _machines)
        {
            await machine.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private static Uri AddressOf(NetworkNamespace machine, int port) =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://{machine.Inside}:{port}/"));

    private async Task WireAsync()
    {
        for (var machine = 0; machine <= Silos; machine++)
        {
            _machines.Add(await NetworkNamespace.CreateAsync());
        }

        _databasePort = new TcpForwarder(Environment, new IPEndPoint(IPAddress.Loopback, _database.Port));
        _ports.AddRange(_machines.Take(Silos).Select(machine => (
            new TcpForwarder(Environment, new IPEndPoint(machine.Inside, SiloPort)),
            new TcpForwarder(Environment, new IPEndPoint(machine.Inside, GatewayPort)))));
    }

    private ClusterProcess Start(
        NetworkNamespace machine, string program, Uri address, string ready, IEnumerable<string> arguments) =>
        new(machine.Command[0], address, ready,
        [
            .. machine.Command.Skip(1), program, Database, $"--Pipeline:Urls=http://0.0.0.0:{address.Port}",
            .. arguments,
        ]);
}
