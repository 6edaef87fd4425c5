using System.Buffers.Binary;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Registers;

/// <summary>
/// A register blob: <c>"PREG", u32 version, promised (i64 round, u64 proposer), accepted (the same), u32 length,
/// value, u32 crc32c of all before it</c>. Little endian.
/// </summary>
public static class RegisterStateCodec
{
    /// <summary>The version written.</summary>
    public const uint Version = 1;

    private const uint Magic = 0x47455250;
    private const int HeaderSize = 44;
    private const int TrailerSize = 4;

    public static byte[] Encode(in RegisterState state)
    {
        var bytes = new byte[HeaderSize + state.Value.Length + TrailerSize];
        var at = bytes.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(at, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(at[4..], Version);
        WriteBallot(state.Promised, at[8..]);
        WriteBallot(state.Accepted, at[24..]);
        BinaryPrimitives.WriteInt32LittleEndian(at[40..], state.Value.Length);
        state.Value.Span.CopyTo(at[HeaderSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(at[^TrailerSize..], Crc32C.Compute(at[..^TrailerSize]));
        return bytes;
    }

    /// <summary>Reads a blob; the value is a slice of <paramref name="bytes"/>.</summary>
    public static RegisterReading Decode(ReadOnlyMemory<byte> bytes, out RegisterState state)
    {
        state = default;
        var at = bytes.Span;
        if (at.Length < HeaderSize + TrailerSize || BinaryPrimitives.ReadUInt32LittleEndian(at) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(at[^TrailerSize..]) != Crc32C.Compute(at[..^TrailerSize]))
        {
            return RegisterReading.Damaged;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(at[4..]) > Version)
        {
            return RegisterReading.Newer;
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(at[40..]) != at.Length - HeaderSize - TrailerSize)
        {
            return RegisterReading.Damaged;
        }

        state = new RegisterState(ReadBallot(at[8..]), ReadBallot(at[24..]), bytes[HeaderSize..^TrailerSize]);
        return RegisterReading.Whole;
    }

    private static void WriteBallot(Ballot ballot, Span<byte> to)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, ballot.Round);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], ballot.Proposer);
    }

    private static Ballot ReadBallot(ReadOnlySpan<byte> from) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(from), BinaryPrimitives.ReadUInt64LittleEndian(from[8..]));
}
