using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pipeline.Kernel.Identity;

/// <summary>A whole SHA-256: what a manifest keeps of a closed segment's bytes.</summary>
public readonly record struct Hash256(UInt128 High, UInt128 Low)
{
    public const int Size = 32;

    public static Hash256 Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(bytes, hash);
        return Read(hash);
    }

    public static Hash256 Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Low);
    }

    public override string ToString() => $"{High:x32}{Low:x32}";
}
