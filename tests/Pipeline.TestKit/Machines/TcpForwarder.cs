using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pipeline.TestKit.Machines;

/// <summary>
/// Passes TCP connections on, as a platform's proxy does: whoever connects is accepted, and cut off again where nobody
/// listens behind it. Cuts all connections when told to.
/// </summary>
public sealed class TcpForwarder : IDisposable
{
    private readonly TcpListener _listener;
    private readonly IPEndPoint _target;
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private volatile bool _isCut;

    /// <summary>Listens on a free port of an address.</summary>
    public TcpForwarder(IPAddress address, IPEndPoint target)
    {
        _target = target;
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections it has accepted.</summary>
    public int Accepted { get; private set; }

    /// <summary>Breaks every connection, and each new one at once, until <see cref="Heal"/>.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var socket in _open.Keys)
        {
            Break(socket);
        }
    }

    public void Heal() => _isCut = false;

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync();
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                return;
            }

            Accepted++;
            _ = Task.Run(() => ForwardAsync(client));
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        (_open[client], _open[server]) = (true, true);
        try
        {
            if (!_isCut)
            {
                await server.ConnectAsync(_target);
                await using var there = new NetworkStream(client);
                await using var back = new NetworkStream(server);
                await Task.WhenAny(there.CopyToAsync(back), back.CopyToAsync(there));
            }
        }
        catch (Exception broken) when (broken is SocketException or IOException or ObjectDisposedException)
        {
            // One end is gone; the other one is told below.
        }

        Break(client);
        Break(server);
    }

    /// <summary>A reset, not an end: who sent something learns that it may not have arrived.</summary>
    private void Break(Socket socket)
    {
        if (_open.TryRemove(socket, out _))
        {
            socket.Close(timeout: 0);
        }
    }
}
