using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Bodies;

/// <summary>
/// A gzip body (RFC 1952). GZipStream takes a stream that ends too early for a whole one, so a member with a known
/// content is put behind the body: only where the body was whole does that content come out at the end.
/// </summary>
internal static class GzipBody
{
    private static readonly byte[] Mark =
        [0x9F, 0x3C, 0xE1, 0x77, 0x05, 0xB8, 0xD2, 0x4A, 0x61, 0xFE, 0x90, 0x2D, 0xC7, 0x18, 0xAB, 0x53];

    private static readonly byte[] MarkMember = Compress(Mark);

    public static async ValueTask<Problem?> ReadAsync(
        HttpRequest request, RequestBody body, int maxBytes, BodyPatience patience)
    {
        await using var source = new CompressedSource(request.BodyReader.AsStream(), MarkMember);
        await using var decoded = new GZipStream(source, CompressionMode.Decompress);
        try
        {
            var problem = await BodyReader.ReadDecodedAsync(
                decoded, body, maxBytes + Mark.Length, patience);
            return problem is not null || body.EndsWithThenDrop(Mark) ? problem : BodyProblems.Damaged("gzip");
        }
        catch (InvalidDataException)
        {
            return BodyProblems.Damaged("gzip");
        }
    }

    private static byte[] Compress(byte[] bytes)
    {
        var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return to.ToArray();
    }
}
