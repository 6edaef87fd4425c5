using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.TestKit.Wire;

/// <summary>A connection on which a test says exactly the bytes it wants, right or wrong.</summary>
public sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly List<byte> _read = [];
    private NetworkStream? _stream;

    public static async Task<RawConnection> OpenAsync(Uri address, CancellationToken limit)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(address.Host, address.Port, limit);
        connection._stream = connection._client.GetStream();
        return connection;
    }

    /// <summary>One request on a connection of its own.</summary>
    public static async Task<RawReply> AskAsync(Uri address, string request, CancellationToken limit) =>
        await AskAsync(address, Encoding.Latin1.GetBytes(request), limit);

    public static async Task<RawReply> AskAsync(Uri address, byte[] request, CancellationToken limit)
    {
        using var connection = await OpenAsync(address, limit);
        await connection.TrySendAsync(request, limit);
        return await connection.ReadAsync(limit, request.AsSpan().StartsWith("HEAD "u8));
    }

    public Task<bool> TrySendAsync(string text, CancellationToken limit) =>
        TrySendAsync(Encoding.Latin1.GetBytes(text), limit);

    /// <summary>False where the other end takes no more; what it said before can still be read.</summary>
    public async Task<bool> TrySendAsync(byte[] bytes, CancellationToken limit)
    {
        try
        {
            await _stream!.WriteAsync(bytes, limit);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>No more will be sent.</summary>
    public void Shutdown()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other end has closed already.
        }
    }

    /// <summary>The next answer; interim ones (100 Continue) are left out.</summary>
    public async Task<RawReply> ReadAsync(CancellationToken limit, bool isHead = false) =>
        await ReadHeadAsync(limit) is { } head
            ? head with { Body = isHead ? "" : await BodyAsync(head, limit) }
            : RawReply.None;

    /// <summary>The next answer without its body, or null where there is none.</summary>
    public async Task<RawReply?> ReadHeadAsync(CancellationToken limit)
    {
        while (true)
        {
            var end = await FindAsync("\r\n\r\n"u8.ToArray(), limit);
            if (end < 0)
            {
                return null;
            }

            var lines = Text(end).Split("\r\n");
            _read.RemoveRange(0, end + 4);
            var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
            if (status >= 200)
            {
                return new RawReply(status, Headers(lines[1..]), "");
            }
        }
    }

    /// <summary>Whether the other end closes the connection; bytes that come before are thrown away.</summary>
    public async Task<bool> ClosesAsync(CancellationToken limit)
    {
        while (await FillAsync(limit))
        {
            _read.Clear();
        }

        return true;
    }

    public void Dispose() => _client.Dispose();

    private static Dictionary<string, string> Headers(string[] lines)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var parts in lines.Select(static line => line.Split(':', 2)).Where(static parts => parts.Length == 2))
        {
            headers[parts[0]] = parts[1].Trim();
        }

        return headers;
    }

    private async Task<string> BodyAsync(RawReply head, CancellationToken limit)
    {
        var (status, headers, _) = head;
        if (headers.GetValueOrDefault("Transfer-Encoding") == "chunked")
        {
            return await ChunksAsync(limit);
        }

        if (status is 204 or 304)
        {
            return "";
        }

        var isCounted = headers.TryGetValue("Content-Length", out var text);
        var length = isCounted ? int.Parse(text!, CultureInfo.InvariantCulture) : int.MaxValue;
        while (_read.Count < length && await FillAsync(limit))
        {
        }

        return Take(Math.Min(length, _read.Count));
    }

    private async Task<string> ChunksAsync(CancellationToken limit)
    {
        var body = new StringBuilder();
        while (await FindAsync("\r\n"u8.ToArray(), limit) is >= 0 and var end)
        {
            var size = int.Parse(Text(end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _read.RemoveRange(0, end + 2);
            while (_read.Count < size + 2 && await FillAsync(limit))
            {
            }

            body.Append(Take(Math.Min(size, _read.Count)));
            _read.RemoveRange(0, Math.Min(2, _read.Count));
            if (size == 0)
            {
                break;
            }
        }

        return body.ToString();
    }

    private async Task<int> FindAsync(byte[] mark, CancellationToken limit)
    {
        while (true)
        {
            var at = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_read).IndexOf(mark);
            if (at >= 0 || !await FillAsync(limit))
            {
                return at;
            }
        }
    }

    private async Task<bool> FillAsync(CancellationToken limit)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            var length = await _stream!.ReadAsync(buffer, limit);
            _read.AddRange(buffer.AsSpan(0, length));
            return length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string Take(int length)
    {
        var text = Text(length);
        _read.RemoveRange(0, length);
        return text;
    }

    private string Text(int length) => Encoding.UTF8.GetString([.. _read.Take(length)]);
}
