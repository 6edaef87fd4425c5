using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Xunit;

namespace Pipeline.Kernel.Tests.Logs;

public sealed class LogManifestCodecTests
{
    [Fact]
    public void What_is_encoded_is_decoded()
    {
        var draw = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var bytes = LogManifestCodec.Encode(Manifest(draw, draw.Next(6)));
            Assert.Equal(bytes, LogManifestCodec.Encode(LogManifestCodec.Decode(bytes)));
        }
    }

    [Fact]
    public void An_index_is_decoded_as_it_was_encoded()
    {
        var index = new SegmentIndex(
            new SegmentIndexLink(Hash256.Of([1]), 4, 400), Manifest(new Random(6), 5).Closed);
        var bytes = LogManifestCodec.Encode(index);
        Assert.Equal(bytes, LogManifestCodec.Encode(LogManifestCodec.DecodeIndex(bytes)));
    }

    [Fact]
    public void Any_flipped_bit_is_noticed()
    {
        var bytes = LogManifestCodec.Encode(Manifest(new Random(7), 2));
        for (var i = 0; i < bytes.Length * 8; i++)
        {
            var damaged = bytes.ToArray();
            damaged[i / 8] ^= (byte)(1 << (i % 8));
            Assert.Throws<InvalidDataException>(() => LogManifestCodec.Decode(damaged));
        }
    }

    [Fact]
    public void Every_log_is_born_with_the_same_bytes() => Assert.Equal(
        LogManifestCodec.Encode(LogManifest.Initial(new LogId(4, 2))),
        LogManifestCodec.Encode(LogManifest.Initial(new LogId(4, 2))));

    [Fact]
    public void A_full_manifest_stays_small()
    {
        var full = Manifest(new Random(8), new LogOptions().MaxClosedSegments);
        Assert.InRange(LogManifestCodec.Encode(full).Length, 1, 8192);
    }

    private static LogManifest Manifest(Random draw, int closed) => LogManifest.Initial(new LogId(9, 3)) with
    {
        Version = draw.NextInt64(1000),
        Epoch = new Epoch(draw.NextInt64(1000)),
        Owner = new Hash128((ulong)draw.NextInt64(), (ulong)draw.NextInt64()),
        IsRecovering = draw.Next(2) == 0,
        FirstNumber = draw.NextInt64(1000),
        First = new LogOffset(draw.NextInt64(1000)),
        LowWater = new LogOffset(draw.NextInt64(1000)),
        NextNumber = draw.NextInt64(1000),
        Index = draw.Next(2) == 0 ? null : new SegmentIndexLink(Hash256.Of([2]), 7, 700),
        Open = draw.Next(2) == 0 ? null : new OpenSegment(new(new(3), 4), new(5), 2, [new(1), new(2)]),
        Closed = [.. Enumerable.Range(0, closed).Select(i => new ClosedSegment
        {
            Id = new(new(i), i),
            First = new(i * 10),
            End = new((i * 10) + 10),
            Bytes = draw.NextInt64(1 << 26),
            Frames = draw.Next(),
            FirstTime = draw.NextInt64(),
            LastTime = draw.NextInt64(),
            Hash = Hash256.Of([3]),
            Stores = [new(1), new(2), new(3)],
        })],
    };
}
