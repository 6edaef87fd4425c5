using System.Buffers;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Bodies;

/// <summary>
/// Reads a body up to its limit. The limit holds for decompressed bytes, so a bomb is stopped when it has grown to
/// the limit, and a compressed body that ends too early is malformed.
/// </summary>
internal static class BodyReader
{
    private const int FirstGuess = 64 * 1024;

    /// <summary>Null where the body was read; else what was wrong with it.</summary>
    public static ValueTask<Problem?> ReadAsync(HttpRequest request, RequestBody body, int maxBytes)
    {
        var encoding = request.Headers.ContentEncoding.ToString().ToLowerInvariant();
        switch (encoding)
        {
            case "" or "identity":
                return request.ContentLength > maxBytes
                    ? ValueTask.FromResult<Problem?>(BodyProblems.TooLarge(maxBytes))
                    : ReadPlainAsync(request, body, maxBytes);
            case "gzip" or "x-gzip":
                return GzipBody.ReadAsync(request, body, maxBytes);
            case "deflate":
                return ZLibBody.ReadAsync(request, body, maxBytes);
            case "br":
                return BrotliBody.ReadAsync(request, body, maxBytes);
            default:
                return ValueTask.FromResult<Problem?>(Problem.UnsupportedMediaType(
                    $"Content-Encoding '{encoding}' is not gzip, br or deflate."));
        }
    }

    /// <summary>Reads a decoded stream to its end, at most one byte over the limit.</summary>
    public static async ValueTask<Problem?> ReadDecodedAsync(
        Stream decoded, RequestBody body, int maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (body.Free.Length == 0 && !body.TryReserve(Grown(body.Length + 1, maxBytes + 1)))
            {
                return BodyProblems.TooFast();
            }

            var length = await decoded.ReadAsync(body.Free, cancellationToken);
            body.Advance(length);
            if (body.Length > maxBytes)
            {
                return BodyProblems.TooLarge(maxBytes);
            }

            if (length == 0)
            {
                return null;
            }
        }
    }

    /// <summary>How much to reserve where <paramref name="needed"/> bytes are needed: twice that, to a bound.</summary>
    public static int Grown(int needed, int bound) =>
        (int)Math.Max(needed, Math.Min(Math.Max(needed * 2L, FirstGuess), bound));

    private static async ValueTask<Problem?> ReadPlainAsync(HttpRequest request, RequestBody body, int maxBytes)
    {
        if (!body.TryReserve((int)(request.ContentLength ?? FirstGuess)))
        {
            return BodyProblems.TooFast();
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            var problem = Take(read.Buffer, body, maxBytes);
            reader.AdvanceTo(read.Buffer.End);
            if (problem is not null || read.IsCompleted)
            {
                return problem;
            }
        }
    }

    private static Problem? Take(in ReadOnlySequence<byte> bytes, RequestBody body, int maxBytes)
    {
        if (body.Length + bytes.Length > maxBytes)
        {
            return BodyProblems.TooLarge(maxBytes);
        }

        var needed = body.Length + (int)bytes.Length;
        if (bytes.Length > body.Free.Length && !body.TryReserve(Grown(needed, maxBytes)))
        {
            return BodyProblems.TooFast();
        }

        foreach (var segment in bytes)
        {
            body.Append(segment.Span);
        }

        return null;
    }
}
