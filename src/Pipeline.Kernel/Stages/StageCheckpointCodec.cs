using System.Buffers.Binary;
using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Stages;

/// <summary>
/// A checkpoint: <c>u8 version 2, i64 epoch, i64 number, i64 term, i64 cursor, i64 time, i32 length, snapshot, i32
/// count of blobs, each (i32 length, name), hash 16, u32 crc32c</c> of all before. Little endian. Version 1 has no term
/// (it is 0).
/// </summary>
public static class StageCheckpointCodec
{
    private const byte Version = 2;
    private const byte VersionWithoutTerm = 1;
    private const int LeastSize = 1 + 32 + 4 + 4 + 16 + 4;
    private const int FixedSize = LeastSize + 8;

    public static byte[] Write(StageCheckpoint checkpoint)
    {
        var bytes = new byte[FixedSize + checkpoint.Snapshot.Length
            + checkpoint.Blobs.Sum(blob => 4 + Encoding.UTF8.GetByteCount(blob.Value))];
        var writer = new SnapshotWriter(bytes);
        writer.Byte(Version);
        writer.Int64(checkpoint.Epoch.Value);
        writer.Int64(checkpoint.Number);
        writer.Int64(checkpoint.Term);
        writer.Int64(checkpoint.Cursor);
        writer.Int64(checkpoint.Time);
        writer.Bytes(checkpoint.Snapshot.Span);
        writer.Int32(checkpoint.Blobs.Count);
        foreach (var blob in checkpoint.Blobs)
        {
            writer.Bytes(Encoding.UTF8.GetBytes(blob.Value));
        }

        writer.Hash(checkpoint.BlobHash);
        var end = bytes.Length - 4;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(end), Crc32C.Compute(bytes.AsSpan(0, end)));
        return bytes;
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where the bytes are not a checkpoint.</summary>
    public static StageCheckpoint Read(ReadOnlySpan<byte> from)
    {
        if (from.Length < LeastSize || from[0] is not (Version or VersionWithoutTerm)
            || BinaryPrimitives.ReadUInt32LittleEndian(from[^4..]) != Crc32C.Compute(from[..^4]))
        {
            throw new InvalidDataException("not a stage checkpoint of version 1 or 2, or a damaged one");
        }

        var reader = new SnapshotReader(from[1..^4]);
        var checkpoint = new StageCheckpoint
        {
            Epoch = new Epoch(reader.Int64()),
            Number = reader.Int64(),
            Term = from[0] == Version ? reader.Int64() : 0,
            Cursor = reader.Int64(),
            Time = reader.Int64(),
            Snapshot = reader.Bytes().ToArray(),
        };
        var blobs = new BlobName[reader.Count(4)];
        for (var i = 0; i < blobs.Length; i++)
        {
            blobs[i] = new BlobName(Encoding.UTF8.GetString(reader.Bytes()));
        }

        return checkpoint with { Blobs = blobs, BlobHash = reader.Hash() };
    }
}
