using System.Buffers.Binary;

namespace Pipeline.Kernel.Codecs;

/// <summary>
/// One event in a part: <c>u32 length of what follows, u8 flags, [u16 key length], [u16 attributes length],
/// [i64 time], [i64 origin offset, i32 origin ordinal], key, attributes, value</c>; little endian.
/// </summary>
public static class RecordCodec
{
    public const int MaxKeyLength = ushort.MaxValue;
    public const int MaxAttributesLength = ushort.MaxValue;

    public static int Size(in RecordView record) => 4 + HeaderSize(record.Flags)
        + record.Key.Length + record.Attributes.Length + record.Value.Length;

    /// <summary>Writes the record; returns the bytes written (<see cref="Size"/>).</summary>
    public static int Write(in RecordView record, Span<byte> to)
    {
        var size = Size(record);
        BinaryPrimitives.WriteInt32LittleEndian(to, size - 4);
        to[4] = (byte)record.Flags;
        var at = 5;
        if ((record.Flags & RecordFlags.Key) != 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(to[at..], checked((ushort)record.Key.Length));
            at += 2;
        }

        if ((record.Flags & RecordFlags.Attributes) != 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(to[at..], checked((ushort)record.Attributes.Length));
            at += 2;
        }

        if ((record.Flags & RecordFlags.Time) != 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(to[at..], record.Time);
            at += 8;
        }

        if ((record.Flags & RecordFlags.Origin) != 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(to[at..], record.Origin.Offset);
            BinaryPrimitives.WriteInt32LittleEndian(to[(at + 8)..], record.Origin.Ordinal);
            at += 12;
        }

        record.Key.CopyTo(to[at..]);
        at += record.Key.Length;
        record.Attributes.CopyTo(to[at..]);
        at += record.Attributes.Length;
        record.Value.CopyTo(to[at..]);
        return size;
    }

    /// <summary>
    /// Reads the record at the start of <paramref name="from"/>; false where no whole record lies there.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out RecordView record, out int size)
    {
        record = default;
        size = 0;
        if (from.Length < 5)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(from);
        var flags = (RecordFlags)from[4];
        if (length < HeaderSize(flags) || length > from.Length - 4)
        {
            return false;
        }

        size = length + 4;
        return TryReadBody(flags, from[5..size], out record);
    }

    private static bool TryReadBody(RecordFlags flags, ReadOnlySpan<byte> body, out RecordView record)
    {
        record = default;
        int keyLength = 0, attributesLength = 0;
        long time = 0;
        var origin = Origin.None;
        if ((flags & RecordFlags.Key) != 0)
        {
            keyLength = BinaryPrimitives.ReadUInt16LittleEndian(body);
            body = body[2..];
        }

        if ((flags & RecordFlags.Attributes) != 0)
        {
            attributesLength = BinaryPrimitives.ReadUInt16LittleEndian(body);
            body = body[2..];
        }

        if ((flags & RecordFlags.Time) != 0)
        {
            time = BinaryPrimitives.ReadInt64LittleEndian(body);
            body = body[8..];
        }

        if ((flags & RecordFlags.Origin) != 0)
        {
            origin = new Origin(
                BinaryPrimitives.ReadInt64LittleEndian(body),
                BinaryPrimitives.ReadInt32LittleEndian(body[8..]));
            body = body[12..];
        }

        if (keyLength + attributesLength > body.Length)
        {
            return false;
        }

        record = new RecordView
        {
            Flags = flags,
            Time = time,
            Origin = origin,
            Key = body[..keyLength],
            Attributes = body.Slice(keyLength, attributesLength),
            Value = body[(keyLength + attributesLength)..],
        };
        return true;
    }

    private static int HeaderSize(RecordFlags flags) => 1
        + ((flags & RecordFlags.Key) != 0 ? 2 : 0)
        + ((flags & RecordFlags.Attributes) != 0 ? 2 : 0)
        + ((flags & RecordFlags.Time) != 0 ? 8 : 0)
        + ((flags & RecordFlags.Origin) != 0 ? 12 : 0);
}
