using System.Buffers;
using System.Buffers.Binary;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Codecs;

/// <summary>Writes little-endian fields one after the other into a growing buffer.</summary>
public sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> _to = new(256);

    public ReadOnlySpan<byte> Written => _to.WrittenSpan;

    public void Byte(byte value)
    {
        _to.GetSpan(1)[0] = value;
        _to.Advance(1);
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_to.GetSpan(4), value);
        _to.Advance(4);
    }

    public void UInt32(uint value) => Int32(unchecked((int)value));

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_to.GetSpan(8), value);
        _to.Advance(8);
    }

    public void UInt128(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(_to.GetSpan(16), value);
        _to.Advance(16);
    }

    public void Hash(Hash128 value)
    {
        value.Write(_to.GetSpan(Hash128.Size));
        _to.Advance(Hash128.Size);
    }

    public void Hash(Hash256 value)
    {
        value.Write(_to.GetSpan(Identity.Hash256.Size));
        _to.Advance(Identity.Hash256.Size);
    }
}
