using System.Buffers;
using System.Buffers.Text;
using Microsoft.AspNetCore.Http;
using Pipeline.Ingestion;

namespace Pipeline.Http.Events;

/// <summary>Writes the answer to accepted events straight as UTF-8; this is the hot path of single events.</summary>
internal static class IngestAnswer
{
    private const int MaxNumber = 20;
    private const int MaxPosition = 64 + (3 * MaxNumber);

    /// <summary>Into the response's buffer; the server sends it when the request ends.</summary>
    public static void Write(HttpResponse response, IngestOutcome outcome)
    {
        var positions = outcome.Positions;
        var writer = response.BodyWriter;
        var size = 128 + (positions.Count * MaxPosition);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        var length = Format(outcome, buffer);
        response.ContentType = "application/json";
        response.ContentLength = length;
        writer.Write(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static int Format(IngestOutcome outcome, Span<byte> to)
    {
        var at = 0;
        Write(to, ref at, "{\"accepted\":"u8, outcome.Accepted);
        Write(to, ref at, ",\"duplicates\":"u8, outcome.Duplicates);
        Write(to, ref at, ",\"positions\":["u8);
        for (var i = 0; i < outcome.Positions.Count; i++)
        {
            var position = outcome.Positions[i];
            Write(to, ref at, i == 0 ? "{\"partition\":"u8 : ",{\"partition\":"u8, position.Partition);
            Write(to, ref at, ",\"first\":"u8, position.First);
            Write(to, ref at, ",\"count\":"u8, position.Count);
            Write(to, ref at, "}"u8);
        }

        Write(to, ref at, "]}"u8);
        return at;
    }

    private static void Write(Span<byte> to, ref int at, ReadOnlySpan<byte> text, long number)
    {
        Write(to, ref at, text);
        Utf8Formatter.TryFormat(number, to[at..], out var length);
        at += length;
    }

    private static void Write(Span<byte> to, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to[at..]);
        at += text.Length;
    }
}
