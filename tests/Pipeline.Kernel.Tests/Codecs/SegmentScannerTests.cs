using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Xunit;

namespace Pipeline.Kernel.Tests.Codecs;

public sealed class SegmentScannerTests
{
    private static readonly LogId Log = new(1, 2);
    private static readonly SegmentId Segment = new(new Epoch(3), 4);

    [Fact]
    public void A_whole_copy_is_clean_to_its_end()
    {
        var scan = Scan(Copy(5));
        Assert.Equal(
            (SegmentCondition.Clean, Copy(5).Length, 5), (scan.Condition, (int)scan.ValidBytes, scan.ValidFrames));
        Assert.Equal(new LogOffset(10), scan.End);
        Assert.Equal(new LogOffset(8), scan.HighestCommit);
    }

    [Fact]
    public void A_torn_tail_is_cut_back()
    {
        var whole = Copy(3);
        var next = Copy(4);
        for (var length = whole.Length; length < next.Length; length++)
        {
            var scan = Scan(next[..length]);
            Assert.Equal((SegmentCondition.Clean, whole.Length), (scan.Condition, (int)scan.ValidBytes));
        }
    }

    [Fact]
    public void Zeroes_after_the_last_frame_are_clean()
    {
        var scan = Scan([.. Copy(3), .. new byte[3000]]);
        Assert.Equal((SegmentCondition.Clean, Copy(3).Length), (scan.Condition, (int)scan.ValidBytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3000)]
    public void A_frame_torn_anywhere_in_a_zero_filled_file_is_clean(int zeroes)
    {
        var (whole, next) = (Copy(3), Copy(4));
        for (var length = whole.Length; length < next.Length; length++)
        {
            var scan = Scan([.. next[..length], .. new byte[next.Length - length + zeroes]]);
            Assert.True(scan.Condition == SegmentCondition.Clean, $"{next.Length - length} bytes short");
            Assert.Equal(whole.Length, (int)scan.ValidBytes);
        }
    }

    [Fact]
    public void Any_flipped_bit_in_a_complete_frame_is_damage()
    {
        var copy = Copy(4);
        for (var i = 0; i < copy.Length; i++)
        {
            var damaged = copy.ToArray();
            damaged[i] ^= 0x10;
            Assert.True(Scan(damaged).Condition == SegmentCondition.Damaged, $"byte {i}");
        }
    }

    [Fact]
    public void A_frame_of_another_chain_is_damage()
    {
        var other = Copy(3, filler: 9);
        var first = Copy(1);
        Assert.Equal(SegmentCondition.Damaged, Scan([.. first, .. other[Copy(1, filler: 9).Length..]]).Condition);
    }

    [Fact]
    public void Windows_of_any_size_give_the_same_judgement()
    {
        byte[] copy = [.. Copy(6), .. new byte[500]];
        var expected = Scan(copy);
        var draw = new Random(3);
        for (var run = 0; run < 50; run++)
        {
            var scanner = new SegmentScanner(Log, Segment);
            var end = draw.Next(1, 300);
            while (true)
            {
                var window = copy.AsSpan((int)scanner.Position, end - (int)scanner.Position);
                var step = scanner.Next(window, end == copy.Length, out _);
                if (step == ScanStep.End)
                {
                    break;
                }

                end = step == ScanStep.NeedMore ? Math.Min(copy.Length, end + draw.Next(1, 300)) : end;
            }

            Assert.Equal(
                (expected.Condition, expected.ValidBytes, expected.HighestCommit),
                (scanner.Condition, scanner.ValidBytes, scanner.HighestCommit));
        }
    }

    private static SegmentScanner Scan(byte[] copy)
    {
        var scanner = new SegmentScanner(Log, Segment);
        while (scanner.Next(copy.AsSpan((int)scanner.Position), true, out _) == ScanStep.Frame)
        {
        }

        return scanner;
    }

    private static byte[] Copy(int frames, byte filler = 7)
    {
        var bytes = new List<byte>();
        var chain = default(Hash128);
        for (var i = 0; i < frames; i++)
        {
            var payload = Enumerable.Repeat(filler, 40 + (i * 3)).ToArray();
            var header = new FrameHeader
            {
                Kind = FrameKind.Data,
                Log = Log,
                Segment = Segment,
                First = new LogOffset(i * 2),
                Count = 2,
                Commit = new LogOffset(i * 2),
                Time = 100 + i,
                Previous = chain,
                PayloadLength = payload.Length,
                PayloadCrc = Crc32C.Compute(payload),
            };
            var frame = new byte[header.Size];
            chain = FrameCodec.WriteHeader(header, frame);
            payload.CopyTo(frame, FrameCodec.HeaderSize);
            FrameCodec.WriteTrailer(frame.AsSpan(FrameCodec.HeaderSize + payload.Length));
            Assert.True(FrameCodec.TryReadHeader(frame, out var read));
            Assert.Equal(header, read);
            bytes.AddRange(frame);
        }

        return [.. bytes];
    }
}
