using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Bodies;

/// <summary>
/// A deflate body, which in HTTP means zlib (RFC 9110, section 8.4.1.2; RFC 1950). ZLibStream takes a stream that ends
/// too early for a whole one, so the checksum at the body's end is compared here.
/// </summary>
internal static class ZLibBody
{
    private const uint Modulus = 65521;

    /// <summary>The most bytes whose sums fit 32 bits before a remainder must be taken (as zlib has it).</summary>
    private const int Run = 5552;

    public static async ValueTask<Problem?> ReadAsync(
        HttpRequest request, RequestBody body, int maxBytes, BodyPatience patience)
    {
        await using var source = new CompressedSource(request.BodyReader.AsStream(), default);
        await using var decoded = new ZLibStream(source, CompressionMode.Decompress);
        try
        {
            var problem = await BodyReader.ReadDecodedAsync(
                decoded, body, maxBytes, patience);
            return problem is not null
                || (await source.DrainAsync(patience) && source.LastFour == Adler32(body.Bytes.Span))
                ? problem
                : BodyProblems.Damaged("deflate");
        }
        catch (InvalidDataException)
        {
            return BodyProblems.Damaged("deflate");
        }
    }

    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        uint a = 1, b = 0;
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(Run, bytes.Length)..])
        {
            foreach (var x in bytes[..Math.Min(Run, bytes.Length)])
            {
                a += x;
                b += a;
            }

            a %= Modulus;
            b %= Modulus;
        }

        return (b << 16) | a;
    }
}
