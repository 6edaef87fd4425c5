using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.Benchmarks.Ingest;

/// <summary>One connection with one request on its way: sends the next when the answer is there.</summary>
public sealed class Connection(int number, int port, Requests requests)
{
    private readonly byte[] _received = new byte[64 << 10];

    /// <summary>When each answer came and how long it took, in Stopwatch ticks.</summary>
    public List<(long At, long Took)> Answers { get; } = new(1 << 18);

    /// <summary>The first answer that was not 200.</summary>
    public string? Failure { get; private set; }

    public async Task RunAsync(long until)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        for (var next = number * 7; Failure is null; next++)
        {
            var start = Stopwatch.GetTimestamp();
            if (start >= until)
            {
                return;
            }

            await SendAsync(socket, requests[next]);
            await ReceiveAsync(socket);
            var end = Stopwatch.GetTimestamp();
            Answers.Add((end, end - start));
        }
    }

    private static async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> request)
    {
        while (request.Length > 0)
        {
            request = request[await socket.SendAsync(request)..];
        }
    }

    private async ValueTask ReceiveAsync(Socket socket)
    {
        for (var length = 0; ;)
        {
            var count = await socket.ReceiveAsync(_received.AsMemory(length));
            length += count;
            if (Response.Read(_received.AsSpan(0, length), out var status) > 0)
            {
                Failure = status == 200 ? null : Encoding.UTF8.GetString(_received, 0, length);
                return;
            }

            if (count == 0)
            {
                Failure = "the server closed the connection";
                return;
            }
        }
    }
}
