using System.Buffers.Binary;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Codecs;

/// <summary>
/// A part: <c>u32 length of what follows the field, u8 kind, u8 handle kind, u8 flags (1 = home, 2 = traced), u8 0,
/// u32 count, i64 accepted time</c>, then by handle kind: Key/Producer <c>handle 16, body 16, i64 sequence</c>; Event
/// <c>count × handle 16</c>; Platform <c>producer 16, i64 generation, previous (i64, i32), last (i64, i32)</c>;
/// then the records (<see cref="RecordCodec"/>) or the control payload; where traced, a <see cref="TraceContext"/>.
/// Little endian.
/// </summary>
public static class PartCodec
{
    private const int FixedSize = 20;
    private const int AcceptedTimeAt = 12;
    private const int FlagsAt = 6;
    private const byte HomeFlag = 1;
    private const byte TracedFlag = 2;

    /// <summary>Bytes before the records.</summary>
    public static int HeaderSize(HandleKind handleKind, int count) => FixedSize + handleKind switch
    {
        HandleKind.None => 0,
        HandleKind.Key or HandleKind.Producer => (2 * Hash128.Size) + 8,
        HandleKind.Event => count * Hash128.Size,
        HandleKind.Platform => Hash128.Size + 8 + 24,
        _ => throw new ArgumentOutOfRangeException(nameof(handleKind), handleKind, "unknown handle kind"),
    };

    /// <summary>
    /// Writes the header before <paramref name="recordsLength"/> bytes of records; <paramref name="eventHandles"/>
    /// only with <see cref="HandleKind.Event"/>, one an event. Returns the header's size.
    /// </summary>
    public static int WriteHeader(
        in PartHeader header, ReadOnlySpan<Hash128> eventHandles, int recordsLength, Span<byte> to)
    {
        var size = HeaderSize(header.HandleKind, header.Count);
        BinaryPrimitives.WriteInt32LittleEndian(to, size - 4 + recordsLength);
        to[4] = (byte)header.Kind;
        to[5] = (byte)header.HandleKind;
        to[FlagsAt] = header.IsHome ? HomeFlag : (byte)0;
        to[7] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], header.Count);
        BinaryPrimitives.WriteInt64LittleEndian(to[AcceptedTimeAt..], header.AcceptedTime);
        var at = to[FixedSize..];
        switch (header.HandleKind)
        {
            case HandleKind.Key or HandleKind.Producer:
                header.Handle.Write(at);
                header.Body.Write(at[16..]);
                BinaryPrimitives.WriteInt64LittleEndian(at[32..], header.Sequence);
                break;
            case HandleKind.Event:
                foreach (var handle in eventHandles)
                {
                    handle.Write(at);
                    at = at[Hash128.Size..];
                }

                break;
            case HandleKind.Platform:
                header.Handle.Write(at);
                BinaryPrimitives.WriteInt64LittleEndian(at[16..], header.Sequence);
                WriteOrigin(header.Previous, at[24..]);
                WriteOrigin(header.Last, at[36..]);
                break;
        }

        return size;
    }

    /// <summary>Stamps the time of acceptance into an encoded part.</summary>
    public static void StampAcceptedTime(Span<byte> part, long ticks) =>
        BinaryPrimitives.WriteInt64LittleEndian(part[AcceptedTimeAt..], ticks);

    /// <summary>
    /// Puts a trace context, unless it is none, at the end of the part that begins <paramref name="part"/>, in place of
    /// the one that is there, or else into <see cref="TraceContext.Size"/> bytes more. Returns the part's size.
    /// </summary>
    public static int WriteTrace(Span<byte> part, in TraceContext trace)
    {
        var size = BinaryPrimitives.ReadInt32LittleEndian(part) + 4;
        if (trace.IsNone)
        {
            return size;
        }

        if ((part[FlagsAt] & TracedFlag) == 0)
        {
            size += TraceContext.Size;
            part[FlagsAt] |= TracedFlag;
            BinaryPrimitives.WriteInt32LittleEndian(part, size - 4);
        }

        trace.Write(part[(size - TraceContext.Size)..]);
        return size;
    }

    /// <summary>Reads the part at the start of <paramref name="from"/>; false where no whole part lies there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out PartView part, out int size)
    {
        part = default;
        size = 0;
        if (from.Length < FixedSize)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(from);
        var count = BinaryPrimitives.ReadInt32LittleEndian(from[8..]);
        var kind = (HandleKind)from[5];
        if (length < FixedSize - 4 || length > from.Length - 4 || count < 0 || kind > HandleKind.Platform
            || (long)FixedSize + ((long)count * (kind == HandleKind.Event ? Hash128.Size : 0)) > length + 4L)
        {
            return false;
        }

        var headerSize = HeaderSize(kind, count);
        var end = length + 4;
        var traceAt = end - ((from[FlagsAt] & TracedFlag) != 0 ? TraceContext.Size : 0);
        if (headerSize > traceAt)
        {
            return false;
        }

        part = new PartView(
            ReadHeader(from, kind, count), from[FixedSize..headerSize], from[headerSize..traceAt], from[traceAt..end]);
        size = end;
        return true;
    }

    private static PartHeader ReadHeader(ReadOnlySpan<byte> from, HandleKind kind, int count)
    {
        var header = new PartHeader
        {
            Kind = (PartKind)from[4],
            HandleKind = kind,
            IsHome = (from[FlagsAt] & HomeFlag) != 0,
            Count = count,
            AcceptedTime = BinaryPrimitives.ReadInt64LittleEndian(from[AcceptedTimeAt..]),
            Previous = Origin.None,
            Last = Origin.None,
        };
        var at = from[FixedSize..];
        return kind switch
        {
            HandleKind.Key or HandleKind.Producer => header with
            {
                Handle = Hash128.Read(at),
                Body = Hash128.Read(at[16..]),
                Sequence = BinaryPrimitives.ReadInt64LittleEndian(at[32..]),
            },
            HandleKind.Platform => header with
            {
                Handle = Hash128.Read(at),
                Sequence = BinaryPrimitives.ReadInt64LittleEndian(at[16..]),
                Previous = ReadOrigin(at[24..]),
                Last = ReadOrigin(at[36..]),
            },
            _ => header,
        };
    }

    private static void WriteOrigin(Origin origin, Span<byte> to)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, origin.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], origin.Ordinal);
    }

    private static Origin ReadOrigin(ReadOnlySpan<byte> from) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(from), BinaryPrimitives.ReadInt32LittleEndian(from[8..]));
}
