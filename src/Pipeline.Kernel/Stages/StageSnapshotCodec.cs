using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages;

/// <summary>
/// A snapshot: <c>u8 version 1, cursor (i64, i64, i32), i64 layout, i64 last offset, i32 ordinal, i64
/// watermark, i64 accepted time</c>, then three lists, each with an i32 count: upstreams <c>(producer 16, i64
/// generation, i64 watermark, u8 out)</c>, outlets <c>(i64 stream, i32 partition, origin i64, i32)</c>, operators
/// <c>(i32 length, name, fingerprint 16, i32 length, state)</c>; then <c>u32 crc32c</c> of all before. Little endian.
/// </summary>
public static class StageSnapshotCodec
{
    private const byte Version = 1;
    private const int FixedSize = 1 + 20 + 8 + 12 + 16;

    public static void Write(IBufferWriter<byte> to, StageSnapshot state)
    {
        var size = FixedSize + 12 + (state.Upstreams.Count * 33) + (state.Outlets.Count * 24) + 4
            + state.Operators.Sum(op => 24 + Encoding.UTF8.GetByteCount(op.Name) + op.State.Length);
        var span = to.GetSpan(size)[..size];
        var writer = new SnapshotWriter(span);
        writer.Byte(Version);
        writer.Int64(state.Cursor.Offset);
        writer.Int64(state.Cursor.Segment);
        writer.Int32(state.Cursor.Block);
        writer.Int64(state.Layout);
        writer.Int64(state.LastOffset);
        writer.Int32(state.Ordinal);
        writer.Int64(state.Watermark);
        writer.Int64(state.AcceptedTime);
        writer.Int32(state.Upstreams.Count);
        foreach (var upstream in state.Upstreams)
        {
            writer.Hash(upstream.Producer);
            writer.Int64(upstream.Generation);
            writer.Int64(upstream.Watermark);
            writer.Byte(upstream.IsOut ? (byte)1 : (byte)0);
        }

        writer.Int32(state.Outlets.Count);
        foreach (var outlet in state.Outlets)
        {
            writer.Int64(outlet.Stream);
            writer.Int32(outlet.Partition);
            writer.Int64(outlet.Last.Offset);
            writer.Int32(outlet.Last.Ordinal);
        }

        writer.Int32(state.Operators.Count);
        foreach (var op in state.Operators)
        {
            writer.Bytes(Encoding.UTF8.GetBytes(op.Name));
            writer.Hash(op.Fingerprint);
            writer.Bytes(op.State.Span);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(span[^4..], Crc32C.Compute(span[..^4]));
        to.Advance(size);
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where the bytes are not a snapshot.</summary>
    public static StageSnapshot Read(ReadOnlySpan<byte> from)
    {
        if (from.Length < FixedSize + 16 || from[0] != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(from[^4..]) != Crc32C.Compute(from[..^4]))
        {
            throw new InvalidDataException("not a stage snapshot of version 1, or a damaged one");
        }

        var reader = new SnapshotReader(from[1..^4]);
        return new StageSnapshot
        {
            Cursor = new StageCursor(reader.Int64(), reader.Int64(), reader.Int32()),
            Layout = reader.Int64(),
            LastOffset = reader.Int64(),
            Ordinal = reader.Int32(),
            Watermark = reader.Int64(),
            AcceptedTime = reader.Int64(),
            Upstreams = Upstreams(ref reader),
            Outlets = Outlets(ref reader),
            Operators = Operators(ref reader),
        };
    }

    private static UpstreamState[] Upstreams(ref SnapshotReader reader)
    {
        var states = new UpstreamState[reader.Count(33)];
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = new UpstreamState(reader.Hash(), reader.Int64(), reader.Int64(), reader.Byte() != 0);
        }

        return states;
    }

    private static OutletState[] Outlets(ref SnapshotReader reader)
    {
        var states = new OutletState[reader.Count(24)];
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = new OutletState(
                reader.Int64(), reader.Int32(), new Origin(reader.Int64(), reader.Int32()));
        }

        return states;
    }

    private static OperatorState[] Operators(ref SnapshotReader reader)
    {
        var states = new OperatorState[reader.Count(24)];
        for (var i = 0; i < states.Length; i++)
        {
            var name = Encoding.UTF8.GetString(reader.Bytes());
            states[i] = new OperatorState(name, reader.Hash(), reader.Bytes().ToArray());
        }

        return states;
    }
}
