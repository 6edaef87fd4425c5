using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Bodies;
using Pipeline.Ingestion;
using Xunit;

namespace Pipeline.Http.Tests.Bodies;

public class BodyReaderTests
{
    private const int Max = 1 << 20;

    private static readonly byte[] Text =
        [.. Enumerable.Range(0, 5000).SelectMany(i => Encoding.UTF8.GetBytes($"{{\"a\":{i * 7919 % 1000}}}\n"))];

    public static TheoryData<string> Encodings => ["gzip", "deflate", "br"];

    [Fact]
    public async Task A_plain_body_is_read_whole() => Assert.Equal((0, Text.Length), await ReadAsync(Text, ""));

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_compressed_body_is_decompressed(string encoding) =>
        Assert.Equal((0, Text.Length), await ReadAsync(Compress(encoding, Text), encoding));

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Wherever_a_compressed_body_is_cut_it_is_malformed(string encoding)
    {
        var whole = Compress(encoding, Text);
        int[] cuts = [1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 100, whole.Length / 2, whole.Length - 1];
        foreach (var cut in cuts)
        {
            Assert.Equal((400, cut), ((await ReadAsync(whole[..^cut], encoding)).Status, cut));
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_damaged_body_is_malformed(string encoding)
    {
        var damaged = Compress(encoding, Text);
        damaged[damaged.Length / 2] ^= 0x55;

        Assert.Equal(400, (await ReadAsync(damaged, encoding)).Status);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_bomb_is_stopped_at_the_limit(string encoding)
    {
        var bomb = Compress(encoding, new byte[200 << 20]);
        const long Most = 20 << 20;
        const int Attempts = 10;
        var least = long.MaxValue;

        // The whole process is measured, and other tests run in it.
        for (var attempt = 0; attempt < Attempts && least > Most; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes();
            Assert.Equal(413, (await ReadAsync(bomb, encoding)).Status);
            least = Math.Min(least, GC.GetTotalAllocatedBytes() - before);
        }

        Assert.InRange(least, 0, Most);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task The_limit_holds_for_decompressed_bytes(string encoding)
    {
        Assert.Equal((0, Max), await ReadAsync(Compress(encoding, new byte[Max]), encoding));
        Assert.Equal(413, (await ReadAsync(Compress(encoding, new byte[Max + 1]), encoding)).Status);
    }

    [Fact]
    public async Task Several_gzip_members_are_one_body()
    {
        byte[] twice = [.. Compress("gzip", Text), .. Compress("gzip", Text)];

        Assert.Equal((0, 2 * Text.Length), await ReadAsync(twice, "gzip"));
    }

    [Fact]
    public async Task An_unknown_encoding_is_not_understood() =>
        Assert.Equal(415, (await ReadAsync(Text, "zstd")).Status);

    [Fact]
    public async Task Without_a_length_a_body_is_read_up_to_the_limit()
    {
        Assert.Equal((0, Max), await ReadAsync(new byte[Max], "", hasLength: false));
        Assert.Equal(413, (await ReadAsync(new byte[Max + 1], "", hasLength: false)).Status);
    }

    [Fact]
    public async Task What_is_over_the_admission_is_refused_and_everything_is_given_back()
    {
        var admission = new IngestAdmission(Max);

        Assert.Equal(429, (await ReadAsync(new byte[Max], "", admission: admission)).Status);
        Assert.Equal(0, admission.InUse);
        Assert.Equal(0, (await ReadAsync(new byte[Max / 2], "", admission: admission)).Status);
        Assert.Equal(0, admission.InUse);
    }

    private static async Task<(int Status, int Length)> ReadAsync(
        byte[] bytes, string encoding, bool hasLength = true, IngestAdmission? admission = null)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(bytes);
        context.Request.ContentLength = hasLength ? bytes.Length : null;
        context.Request.Headers.ContentEncoding = encoding;
        using var body = new RequestBody(
            admission ?? new IngestAdmission(1 << 30), new ReceivingShares(1 << 30), "somebody");
        var problem = await BodyReader.ReadAsync(context.Request, body, Max);
        return (problem?.Status ?? 0, body.Length);
    }

    private static byte[] Compress(string encoding, byte[] bytes)
    {
        var to = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(to, CompressionLevel.Fastest),
            "br" => new BrotliStream(to, CompressionLevel.Fastest),
            _ => new ZLibStream(to, CompressionLevel.Fastest),
        })
        {
            stream.Write(bytes);
        }

        return to.ToArray();
    }
}
