using System.Buffers.Binary;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Records;

/// <summary>
/// A record's bytes: <c>u8 version 1, u8 1 where there is a value, mark 16, value, u32 crc32c</c> of all before,
/// little endian.
/// </summary>
internal static class RecordCodec
{
    private const byte Version = 1;
    private const int HeadSize = 2 + Hash128.Size;

    public static ReadOnlyMemory<byte> Write(Record record)
    {
        var value = record.Value ?? default;
        var bytes = new byte[HeadSize + value.Length + 4];
        bytes[0] = Version;
        bytes[1] = record.Value is null ? (byte)0 : (byte)1;
        record.Mark.Write(bytes.AsSpan(2));
        value.Span.CopyTo(bytes.AsSpan(HeadSize));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan()[^4..], Crc32C.Compute(bytes.AsSpan()[..^4]));
        return bytes;
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where the bytes are not a record of this version.</summary>
    public static Record Read(ReadOnlyMemory<byte> from)
    {
        var bytes = from.Span;
        if (bytes.Length < HeadSize + 4
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) != Crc32C.Compute(bytes[..^4]))
        {
            throw new InvalidDataException("not a record, or a damaged one");
        }

        return bytes[0] == Version
            ? new Record(Hash128.Read(bytes[2..]), bytes[1] == 0 ? (ReadOnlyMemory<byte>?)null : from[HeadSize..^4])
            : throw new InvalidDataException($"the record has version {bytes[0]}, this program reads {Version}");
    }
}

/// <summary>A record; its mark is that of the write that made it. Without a value it is as if it were not.</summary>
internal sealed record Record(Hash128 Mark, ReadOnlyMemory<byte>? Value)
{
    public static readonly Record None = new(default, null);

    public string? Tag => Value is null ? null : $"{Mark}";

    public RecordOutcome ToOutcome(RecordStatus status) => new(status, Tag, Value);
}
