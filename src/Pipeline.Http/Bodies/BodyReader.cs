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
    private const long Growth = 4;

    /// <summary>
    /// Null where the body was read; else what was wrong with it. A body that stops coming is given up
    /// (<see cref="BodyLimits"/>), and its connection with it.
    /// </summary>
    public static async ValueTask<Problem?> ReadAsync(
        HttpRequest request, RequestBody body, int maxBytes, BodyLimits? limits = null)
    {
        if (request.ContentLength > maxBytes && IsPlain(request))
        {
            return BodyProblems.TooLarge(maxBytes);
        }

        limits ??= BodyLimits.Default;
        using var patience = new BodyPatience(limits, request.HttpContext);
        try
        {
            return await DecodeAsync(request, body, maxBytes, patience)
                ?? (body.TryComplete() ? null : BodyProblems.TooFast());
        }
        catch (OperationCanceledException) when (patience.IsOver)
        {
            request.HttpContext.Response.Headers.Connection = "close";
            return BodyProblems.TooSlow(limits);
        }
    }

    /// <summary>Reads a decoded stream to its end, at most one byte over the limit.</summary>
    public static async ValueTask<Problem?> ReadDecodedAsync(
        Stream decoded, RequestBody body, int maxBytes, BodyPatience patience)
    {
        while (true)
        {
            if (body.Free.Length == 0 && !body.TryReserve(Grown(body.Length + 1, maxBytes + 1)))
            {
                return BodyProblems.TooFast();
            }

            var length = await patience.AwaitAsync(decoded.ReadAsync(body.Free, patience.Token));
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

    /// <summary>
    /// How much to reserve where <paramref name="needed"/> bytes have arrived: a few times that, to a bound. So who
    /// announces much and sends little takes little.
    /// </summary>
    public static int Grown(int needed, int bound) =>
        (int)Math.Max(needed, Math.Min(Math.Max(needed * Growth, FirstGuess), bound));

    private static bool IsPlain(HttpRequest request) => EncodingOf(request) is "" or "identity";

    private static string EncodingOf(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString().ToLowerInvariant();

    private static ValueTask<Problem?> DecodeAsync(
        HttpRequest request, RequestBody body, int maxBytes, BodyPatience patience) => EncodingOf(request) switch
        {
            "" or "identity" => ReadPlainAsync(request, body, maxBytes, patience),
            "gzip" or "x-gzip" => GzipBody.ReadAsync(request, body, maxBytes, patience),
            "deflate" => ZLibBody.ReadAsync(request, body, maxBytes, patience),
            "br" => BrotliBody.ReadAsync(request, body, maxBytes, patience),
            var other => ValueTask.FromResult<Problem?>(Problem.UnsupportedMediaType(
                $"Content-Encoding '{other}' is not gzip, br or deflate.")),
        };

    private static async ValueTask<Problem?> ReadPlainAsync(
        HttpRequest request, RequestBody body, int maxBytes, BodyPatience patience)
    {
        var bound = (int)Math.Min(request.ContentLength ?? maxBytes, maxBytes);
        var reader = request.BodyReader;
        while (true)
        {
            if (!reader.TryRead(out var read))
            {
                read = await patience.AwaitAsync(reader.ReadAsync(patience.Token));
            }

            var problem = Take(read.Buffer, body, maxBytes, bound);
            reader.AdvanceTo(read.Buffer.End);
            if (problem is not null || read.IsCompleted)
            {
                return problem;
            }
        }
    }

    private static Problem? Take(in ReadOnlySequence<byte> bytes, RequestBody body, int maxBytes, int bound)
    {
        if (body.Length + bytes.Length > maxBytes)
        {
            return BodyProblems.TooLarge(maxBytes);
        }

        var needed = body.Length + (int)bytes.Length;
        if (bytes.Length > body.Free.Length && !body.TryReserve(Grown(needed, bound)))
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
