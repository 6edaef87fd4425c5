using System.Buffers.Binary;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Codecs;

/// <summary>
/// Reads what a <see cref="ByteWriter"/> wrote; too few bytes throw <see cref="InvalidDataException"/>.
/// </summary>
public ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Remaining => _rest.Length;

    public byte Byte() => Take(1)[0];

    public bool Bool() => Byte() != 0;

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public UInt128 UInt128() => BinaryPrimitives.ReadUInt128LittleEndian(Take(16));

    public Hash128 Hash() => Hash128.Read(Take(Hash128.Size));

    public Hash256 Hash256() => Identity.Hash256.Read(Take(Identity.Hash256.Size));

    /// <summary>A count of things of at least <paramref name="size"/> bytes each that still fit.</summary>
    public int Count(int size)
    {
        var count = Int32();
        if (count < 0 || (long)count * size > _rest.Length)
        {
            throw new InvalidDataException($"a count of {count} does not fit in {_rest.Length} bytes");
        }

        return count;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new InvalidDataException("the bytes end too early");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
