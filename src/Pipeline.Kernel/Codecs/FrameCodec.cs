using System.Buffers.Binary;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Codecs;

/// <summary>
/// A frame: <c>u32 magic, u8 version, u8 kind, u16 header size, i64 stream, i32 partition, i32 count, i64 epoch,
/// i64 segment, i64 first offset, i64 commit offset, i64 time, previous 16, i32 payload length, u32 payload CRC-32C,
/// u32 0, u32 CRC-32C of the header</c>, the payload, <c>u32 end mark</c>. Little endian. The chain value of a frame
/// is the hash of its header, which holds the payload's checksum and the chain value before it.
/// </summary>
public static class FrameCodec
{
    public const byte Version = 1;
    public const int HeaderSize = 96;
    public const int TrailerSize = 4;
    /// <summary>The largest payload: a part of a request is never split.</summary>
    public const int MaxPayload = 256 << 20;
    private const uint Magic = 0x31464C50;
    private const uint EndMark = 0x0A444E45;
    private const int CrcAt = HeaderSize - 4;

    /// <summary>Writes the header; returns the frame's chain value.</summary>
    public static Hash128 WriteHeader(in FrameHeader header, Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, Magic);
        to[4] = Version;
        to[5] = (byte)header.Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], HeaderSize);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], header.Log.Stream);
        BinaryPrimitives.WriteInt32LittleEndian(to[16..], header.Log.Partition);
        BinaryPrimitives.WriteInt32LittleEndian(to[20..], header.Count);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], header.Segment.Epoch.Value);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], header.Segment.Number);
        BinaryPrimitives.WriteInt64LittleEndian(to[40..], header.First.Value);
        BinaryPrimitives.WriteInt64LittleEndian(to[48..], header.Commit.Value);
        BinaryPrimitives.WriteInt64LittleEndian(to[56..], header.Time);
        header.Previous.Write(to[64..]);
        BinaryPrimitives.WriteInt32LittleEndian(to[80..], header.PayloadLength);
        BinaryPrimitives.WriteUInt32LittleEndian(to[84..], header.PayloadCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(to[88..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(to[CrcAt..], Crc32C.Compute(to[..CrcAt]));
        return Chain(to);
    }

    /// <summary>Writes the end mark after the payload.</summary>
    public static void WriteTrailer(Span<byte> to) => BinaryPrimitives.WriteUInt32LittleEndian(to, EndMark);

    /// <summary>
    /// Whether the mark was cut off by a crash in a zero-filled file: a beginning of it, then zeroes. A turned bit does
    /// not look like this: each of its bytes has more than one.
    /// </summary>
    public static bool IsTornTrailer(ReadOnlySpan<byte> from)
    {
        Span<byte> mark = stackalloc byte[TrailerSize];
        WriteTrailer(mark);
        var held = from[..TrailerSize].CommonPrefixLength(mark);
        return held < TrailerSize && !from[held..TrailerSize].ContainsAnyExcept((byte)0);
    }

    /// <summary>Whether the end mark lies at the start of <paramref name="from"/>.</summary>
    public static bool IsTrailer(ReadOnlySpan<byte> from) =>
        from.Length >= TrailerSize && BinaryPrimitives.ReadUInt32LittleEndian(from) == EndMark;

    /// <summary>The chain value of the frame with this encoded header.</summary>
    public static Hash128 Chain(ReadOnlySpan<byte> header) => Hash128.Of(header[..HeaderSize]);

    /// <summary>The size that a frame with a bad header claims to have; 0 where nothing looks like a frame.</summary>
    public static int ClaimedSize(ReadOnlySpan<byte> from)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(from[80..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(from) == Magic && length is >= 0 and <= MaxPayload
            ? HeaderSize + length + TrailerSize
            : 0;
    }

    /// <summary>Reads a whole frame; false where none with good checksums and end mark lies there.</summary>
    public static bool TryReadFrame(
        ReadOnlySpan<byte> from, out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (!TryReadHeader(from, out header) || from.Length < header.Size)
        {
            return false;
        }

        payload = from.Slice(HeaderSize, header.PayloadLength);
        return IsTrailer(from[(HeaderSize + header.PayloadLength)..]) && Crc32C.Compute(payload) == header.PayloadCrc;
    }

    /// <summary>Reads a header; false where none with a good checksum, of this version, lies there.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> from, out FrameHeader header)
    {
        header = default;
        if (from.Length < HeaderSize
            || BinaryPrimitives.ReadUInt32LittleEndian(from) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(from[CrcAt..]) != Crc32C.Compute(from[..CrcAt])
            || from[4] != Version
            || BinaryPrimitives.ReadUInt16LittleEndian(from[6..]) != HeaderSize)
        {
            return false;
        }

        header = new FrameHeader
        {
            Kind = (FrameKind)from[5],
            Log = new LogId(
                BinaryPrimitives.ReadInt64LittleEndian(from[8..]), BinaryPrimitives.ReadInt32LittleEndian(from[16..])),
            Count = BinaryPrimitives.ReadInt32LittleEndian(from[20..]),
            Segment = new SegmentId(
                new Epoch(BinaryPrimitives.ReadInt64LittleEndian(from[24..])),
                BinaryPrimitives.ReadInt64LittleEndian(from[32..])),
            First = new LogOffset(BinaryPrimitives.ReadInt64LittleEndian(from[40..])),
            Commit = new LogOffset(BinaryPrimitives.ReadInt64LittleEndian(from[48..])),
            Time = BinaryPrimitives.ReadInt64LittleEndian(from[56..]),
            Previous = Hash128.Read(from[64..]),
            PayloadLength = BinaryPrimitives.ReadInt32LittleEndian(from[80..]),
            PayloadCrc = BinaryPrimitives.ReadUInt32LittleEndian(from[84..]),
        };
        return header.Kind is >= FrameKind.Data and <= FrameKind.Commit
            && header is { Count: >= 0, PayloadLength: >= 0 and <= MaxPayload };
    }
}
