using System.Buffers.Binary;
using Pipeline.Kernel.Identity;

namespace Pipeline.Ingestion;

/// <summary>How deduplication handles and bodies are hashed; part of what is stored, so it never changes.</summary>
public static class HandleHash
{
    /// <summary>An Idempotency-Key or a Producer-Id: its UTF-8.</summary>
    public static Hash128 Of(ReadOnlySpan<byte> text) => Hash128.Of(text);

    /// <summary>A CloudEvent: <c>u32 length of source, source, id</c>.</summary>
    public static Hash128 OfEvent(ReadOnlySpan<byte> source, ReadOnlySpan<byte> id)
    {
        var length = 4 + source.Length + id.Length;
        Span<byte> bytes = length <= 512 ? stackalloc byte[512] : new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, source.Length);
        source.CopyTo(bytes[4..]);
        id.CopyTo(bytes[(4 + source.Length)..]);
        return Hash128.Of(bytes[..length]);
    }
}
