using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>
/// A network of its own for each silo (Linux network namespaces on one bridge), with one direction between any two of
/// them to be cut: packets then go to a hardware address that nobody has, and vanish. Needs root.
/// </summary>
internal sealed class SiloNetwork : IAsyncDisposable
{
    private const string Nobody = "02:00:00:00:00:ff";

    private static int _networks;

    // Addresses set aside for tests of networks (RFC 2544).
    private readonly string _subnet = $"198.18.{Environment.ProcessId % 250}";

    // A name is free again some time after what had it was deleted.
    private readonly string _name =
        $"pl{Environment.ProcessId}{(char)('a' + (Interlocked.Increment(ref _networks) % 26))}";
    private readonly int _silos;

    private SiloNetwork(int silos) => _silos = silos;

    /// <summary>Where the database is to listen: an address of the machine itself.</summary>
    public string DatabaseAddress => $"{_subnet}.2";

    /// <summary>Where fronts call from.</summary>
    private string HostAddress => $"{_subnet}.1";

    /// <summary>Skips the test where no namespace can be made.</summary>
    public static async Task<SiloNetwork> CreateAsync(int silos)
    {
        Requires.Root();
        var network = new SiloNetwork(silos);
        var (exitCode, output) = await TryIpAsync($"link add {network._name} type bridge");
        Assert.SkipUnless(exitCode == 0, $"needs bridges and network namespaces (docker run --privileged): {output}");
        try
        {
            await IpAsync($"address add {network.HostAddress}/24 dev {network._name}");
            await IpAsync($"address add {network.DatabaseAddress}/24 dev {network._name}");
            await IpAsync($"link set {network._name} up");
            for (var silo = 0; silo < silos; silo++)
            {
                await network.AddAsync(silo);
            }
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }

        return network;
    }

    public string AddressOf(int silo) => $"{_subnet}.{silo + 10}";

    /// <summary>What a command line begins with that is to run where this silo is.</summary>
    public string[] Inside(int silo) => ["ip", "netns", "exec", NameOf(silo)];

    /// <summary>Nothing that one silo sends reaches the other one any more; what comes back still does.</summary>
    public Task CutAsync(int from, int to) => CutAsync(from, AddressOf(to));

    public Task CutFromDatabaseAsync(int silo) => CutAsync(silo, DatabaseAddress);

    public Task CutFromFrontsAsync(int silo) => CutAsync(silo, HostAddress);

    /// <summary>Everything that a silo sends arrives again.</summary>
    public Task HealAsync(int from) => IpAsync($"-n {NameOf(from)} neighbour flush nud permanent");

    public async ValueTask DisposeAsync()
    {
        for (var silo = 0; silo < _silos; silo++)
        {
            await TryIpAsync($"link delete {NameOf(silo)}");
            await TryIpAsync($"netns delete {NameOf(silo)}");
        }

        await TryIpAsync($"link delete {_name}");
    }

    private string NameOf(int silo) => $"{_name}-{silo}";

    private Task CutAsync(int from, string address) =>
        IpAsync($"-n {NameOf(from)} neighbour replace {address} lladdr {Nobody} dev net nud permanent");

    private async Task AddAsync(int silo)
    {
        var outside = NameOf(silo);
        await IpAsync($"netns add {NameOf(silo)}");
        await IpAsync($"link add {outside} type veth peer name net netns {NameOf(silo)}");
        await IpAsync($"link set {outside} master {_name} up");
        await IpAsync($"-n {NameOf(silo)} address add {AddressOf(silo)}/24 dev net");
        await IpAsync($"-n {NameOf(silo)} link set net up");
        await IpAsync($"-n {NameOf(silo)} link set lo up");
    }

    private static async Task IpAsync(string command) => await Command.MustRunAsync("ip", command.Split(' '));

    private static Task<(int ExitCode, string Output)> TryIpAsync(string command) =>
        Command.RunAsync("ip", command.Split(' '));
}
