using System.Net;
using System.Net.Sockets;

namespace Pipeline.TestKit.Machines;

/// <summary>
/// Ports for programs that a test starts, kills and starts again. They lie below those that Linux gives to outgoing
/// connections (32768 and up): one of these could take the port while the program is down.
/// </summary>
public static class Ports
{
    private const int First = 10_000;
    private const int Count = 22_000;

    private static int _last = Random.Shared.Next(Count);

    /// <summary>A port that nobody listens on, and that this process has not given for long.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + ((Interlocked.Increment(ref _last) & int.MaxValue) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Any, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one.
            }
        }
    }

    public static int[] Free(int count) => [.. Enumerable.Range(0, count).Select(static _ => Free())];
}
