using System.Buffers.Text;

namespace Pipeline.Benchmarks.Ingest;

/// <summary>Finds the end of an HTTP/1.1 response in what was received (RFC 9112), and its status.</summary>
public static class Response
{
    /// <summary>The response's size, or 0 where it is not whole yet.</summary>
    public static int Read(ReadOnlySpan<byte> received, out int status)
    {
        status = 0;
        var head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return 0;
        }

        if (!Utf8Parser.TryParse(received[9..12], out status, out _))
        {
            throw new InvalidDataException("that is not HTTP");
        }

        var body = received[(head + 4)..];
        var size = Length(received[..(head + 2)]) ?? ChunkedLength(body);
        return size >= 0 && size <= body.Length ? head + 4 + size : 0;
    }

    private static int? Length(ReadOnlySpan<byte> headers)
    {
        var name = "\r\nContent-Length: "u8;
        var at = headers.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(headers[(at + name.Length)..], out int length, out _) ? length : null;
    }

    // Answers are short: the whole body lies there once the last chunk does.
    private static int ChunkedLength(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith("0\r\n\r\n"u8))
        {
            return 5;
        }

        var last = body.IndexOf("\r\n0\r\n\r\n"u8);
        return last < 0 ? -1 : last + 7;
    }
}
