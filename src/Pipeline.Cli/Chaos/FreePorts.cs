using System.Net;
using System.Net.Sockets;

namespace Pipeline.Cli.Chaos;

/// <summary>
/// Ports for processes that are killed and started again. They lie below those that Linux gives to outgoing connections
/// (32768 and up): one of these could take the port while the process is down.
/// </summary>
internal static class FreePorts
{
    private const int First = 10_000;
    private const int Last = 32_000;

    /// <summary>Ports of loopback that nobody listens on.</summary>
    public static int[] Draw(int count, Random draw)
    {
        var found = new HashSet<int>();
        while (found.Count < count)
        {
            var port = draw.Next(First, Last);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                found.Add(port);
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one.
            }
        }

        return [.. found];
    }
}
