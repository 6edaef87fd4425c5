using System.Net;

namespace Pipeline.TestKit.Machines;

/// <summary>
/// A network namespace of its own, as another machine: a pair of virtual interfaces joins it to this one, and it
/// reaches every address of this one. Skips the test where this user may not make one.
/// </summary>
public sealed class NetworkNamespace : IAsyncDisposable
{
    private const int Networks = 16_384;
    private const int Attempts = 20;

    private NetworkNamespace(int network)
    {
        Name = $"pipeline-{network}";
        (Outside, Inside) = (Address(network, 1), Address(network, 2));
    }

    public string Name { get; }

    /// <summary>The address of programs in it.</summary>
    public IPAddress Inside { get; }

    /// <summary>This machine's address, as seen from inside.</summary>
    public IPAddress Outside { get; }

    /// <summary>What to put before a program so that it runs inside; the process is the program's.</summary>
    public IReadOnlyList<string> Command => ["ip", "netns", "exec", Name];

    public static async Task<NetworkNamespace> CreateAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux: dotnet run test.cs on a Debian machine");
        Assert.SkipUnless(File.Exists("/usr/sbin/ip"), "needs ip: sudo apt-get install iproute2");
        Assert.SkipUnless(Environment.UserName == "root", "needs root (network namespaces): sudo dotnet run test.cs");
        var error = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var network = (Environment.ProcessId * Attempts + attempt) % Networks;
            var made = new NetworkNamespace(network);
            (var exitCode, error) = await Machines.Command.RunAsync("ip", "netns", "add", made.Name);
            if (exitCode == 0)
            {
                await made.JoinAsync(network);
                return made;
            }
        }

        Assert.Skip($"this machine gives no network namespace: {error}");
        throw new InvalidOperationException(error);
    }

    public async ValueTask DisposeAsync() => await Machines.Command.RunAsync("ip", "netns", "delete", Name);

    private static IPAddress Address(int network, int host) =>
        new([10, 213, (byte)(network * 4 >> 8), (byte)(network * 4 + host)]);

    private async Task JoinAsync(int network)
    {
        var (outside, inside) = ($"pl{network}o", $"pl{network}i");
        await IpAsync("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", Name);
        await IpAsync("address", "add", $"{Outside}/30", "dev", outside);
        await IpAsync("link", "set", outside, "up");
        await IpAsync("-n", Name, "address", "add", $"{Inside}/30", "dev", inside);
        await IpAsync("-n", Name, "link", "set", inside, "up");
        await IpAsync("-n", Name, "link", "set", "lo", "up");
        await IpAsync("-n", Name, "route", "add", "default", "via", $"{Outside}");
    }

    private static Task<string> IpAsync(params string[] arguments) => Machines.Command.MustRunAsync("ip", arguments);
}
