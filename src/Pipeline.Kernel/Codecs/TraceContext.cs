using System.Buffers.Binary;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Codecs;

/// <summary>
/// The W3C trace context in which a part was appended: <c>trace id 16, span id 8, u8 flags</c>. Carried for whoever
/// looks at traces: no rule of the log or of a stage looks into it, and nothing is compared by it.
/// </summary>
public readonly record struct TraceContext(Hash128 TraceId, ulong SpanId, byte Flags)
{
    public const int Size = Hash128.Size + 8 + 1;

    public static TraceContext None => default;

    public bool IsNone => TraceId == default;

    /// <summary>What it takes in a part; 0 where there is none.</summary>
    public int EncodedSize => IsNone ? 0 : Size;

    public static TraceContext Read(ReadOnlySpan<byte> from) => new(
        Hash128.Read(from), BinaryPrimitives.ReadUInt64BigEndian(from[Hash128.Size..]), from[Size - 1]);

    public void Write(Span<byte> to)
    {
        TraceId.Write(to);
        BinaryPrimitives.WriteUInt64BigEndian(to[Hash128.Size..], SpanId);
        to[Size - 1] = Flags;
    }
}
