using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pipeline.Kernel.Identity;

/// <summary>The first 128 bits of a SHA-256: what a deduplication window keeps of a handle or of a body.</summary>
public readonly record struct Hash128(ulong High, ulong Low)
{
    public const int Size = 16;

    public static Hash128 Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Read(hash);
    }

    public static Hash128 Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }

    public override string ToString() => $"{High:x16}{Low:x16}";
}
