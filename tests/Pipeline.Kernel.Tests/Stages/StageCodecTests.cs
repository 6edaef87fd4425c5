using System.Buffers;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Xunit;

namespace Pipeline.Kernel.Tests.Stages;

public sealed class StageCodecTests
{
    [Fact]
    public void A_snapshot_reads_back_as_it_was_written()
    {
        var state = Snapshot();
        var read = StageSnapshotCodec.Read(Bytes(state));
        Assert.Equal(state.Cursor, read.Cursor);
        Assert.Equal((state.LastOffset, state.Ordinal), (read.LastOffset, read.Ordinal));
        Assert.Equal((state.Watermark, state.AcceptedTime), (read.Watermark, read.AcceptedTime));
        Assert.Equal(state.Upstreams, read.Upstreams);
        Assert.Equal(state.Outlets, read.Outlets);
        Assert.Equal("größe", Assert.Single(read.Operators).Name);
        Assert.Equal(new byte[] { 1, 2, 3 }, read.Operators[0].State.ToArray());
    }

    [Fact]
    public void A_damaged_snapshot_is_refused_wherever_the_damage_lies()
    {
        var bytes = Bytes(Snapshot());
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => StageSnapshotCodec.Read(bytes));
            Assert.Throws<InvalidDataException>(() => StageSnapshotCodec.Read(bytes.AsSpan(0, at)));
            bytes[at] ^= 0x10;
        }
    }

    [Fact]
    public void A_checkpoint_reads_back_as_it_was_written_and_damage_is_refused()
    {
        var checkpoint = new StageCheckpoint
        {
            Epoch = new Epoch(3),
            Number = 4,
            Cursor = 5,
            Time = 6,
            Snapshot = new byte[] { 9, 8 },
            Blobs = [new BlobName("state/1/a/0/1-2-0"), new BlobName("state/1/a/0/1-2-1")],
            BlobHash = Hash128.Of("x"u8),
        };
        var bytes = StageCheckpointCodec.Write(checkpoint);
        var read = StageCheckpointCodec.Read(bytes);
        Assert.Equal(checkpoint.Blobs, read.Blobs);
        Assert.Equal(checkpoint.Snapshot.ToArray(), read.Snapshot.ToArray());
        Assert.Equal(checkpoint with { Blobs = [], Snapshot = default }, read with { Blobs = [], Snapshot = default });
        bytes[7] ^= 1;
        Assert.Throws<InvalidDataException>(() => StageCheckpointCodec.Read(bytes));
    }

    private static StageSnapshot Snapshot() => new()
    {
        Cursor = new StageCursor(7, 2, 5),
        Layout = 3,
        LastOffset = 6,
        Ordinal = 2,
        Watermark = 99,
        AcceptedTime = 98,
        Upstreams = [new UpstreamState(Hash128.Of("u"u8), 1, 44, true)],
        Outlets = [new OutletState(10, 2, new Origin(6, 1))],
        Operators = [new OperatorState("größe", Hash128.Of("f"u8), new byte[] { 1, 2, 3 })],
    };

    private static byte[] Bytes(StageSnapshot state)
    {
        var to = new ArrayBufferWriter<byte>();
        StageSnapshotCodec.Write(to, state);
        return to.WrittenSpan.ToArray();
    }
}
