using System.Buffers.Binary;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Stages;

/// <summary>Reads the fields of a snapshot; throws <see cref="InvalidDataException"/> past its end.</summary>
internal ref struct SnapshotReader(ReadOnlySpan<byte> from)
{
    private ReadOnlySpan<byte> _from = from;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public Hash128 Hash() => Hash128.Read(Take(Hash128.Size));

    public ReadOnlySpan<byte> Bytes() => Take(Int32());

    /// <summary>The count of a list whose items take <paramref name="itemSize"/> bytes at least.</summary>
    public int Count(int itemSize)
    {
        var count = Int32();
        return count < 0 || (long)count * itemSize > _from.Length
            ? throw new InvalidDataException($"a list of {count} items does not fit")
            : count;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _from.Length)
        {
            throw new InvalidDataException("the snapshot ends early");
        }

        var taken = _from[..length];
        _from = _from[length..];
        return taken;
    }
}
