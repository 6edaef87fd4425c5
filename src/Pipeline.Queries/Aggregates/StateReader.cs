using System.Buffers.Binary;

namespace Pipeline.Queries.Aggregates;

/// <summary>
/// Reads what <see cref="StateWriter"/> wrote; anything else is an <see cref="InvalidDataException"/>.
/// </summary>
internal ref struct StateReader(ReadOnlySpan<byte> from)
{
    private ReadOnlySpan<byte> _rest = from;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte ReadByte() => Take(1)[0];

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public Int128 ReadInt128()
    {
        var low = (ulong)ReadInt64();
        return new Int128((ulong)ReadInt64(), low);
    }

    public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadInt64());

    /// <summary>A number of things, each at least a byte long.</summary>
    public int ReadCount()
    {
        var count = ReadInt32();
        return count >= 0 && count <= _rest.Length ? count : throw Invalid();
    }

    public ReadOnlySpan<byte> ReadBytes() => Take(ReadCount());

    public static InvalidDataException Invalid() => new("This is not a saved state of this query.");

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw Invalid();
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
