using System.Buffers;
using System.Buffers.Binary;

namespace Pipeline.Queries.Aggregates;

/// <summary>Writes operator state: little endian, byte strings with their length before them.</summary>
internal sealed class StateWriter(IBufferWriter<byte> to)
{
    public void Write(byte value)
    {
        to.GetSpan(1)[0] = value;
        to.Advance(1);
    }

    public void Write(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(4), value);
        to.Advance(4);
    }

    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to.GetSpan(8), value);
        to.Advance(8);
    }

    public void Write(Int128 value)
    {
        Write((long)(ulong)(value & ulong.MaxValue));
        Write((long)(value >> 64));
    }

    public void Write(double value) => Write(BitConverter.DoubleToInt64Bits(value));

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Write(bytes.Length);
        to.Write(bytes);
    }
}
