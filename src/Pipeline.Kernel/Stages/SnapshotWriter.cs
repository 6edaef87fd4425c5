using System.Buffers.Binary;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Stages;

/// <summary>Writes the fields of a snapshot one after the other, little endian.</summary>
internal ref struct SnapshotWriter(Span<byte> to)
{
    private Span<byte> _to = to;

    public void Byte(byte value)
    {
        _to[0] = value;
        _to = _to[1..];
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_to, value);
        _to = _to[4..];
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_to, value);
        _to = _to[8..];
    }

    public void Hash(Hash128 value)
    {
        value.Write(_to);
        _to = _to[Hash128.Size..];
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        value.CopyTo(_to);
        _to = _to[value.Length..];
    }
}
