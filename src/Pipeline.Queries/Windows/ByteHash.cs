using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Pipeline.Queries.Windows;

/// <summary>
/// A hash for tables in memory: folded 64x64-bit multiplications, as in wyhash (Wang Yi). It is the same in every
/// process, and no order that it gives ever leaves the table.
/// </summary>
internal static class ByteHash
{
    private const ulong Seed = 0x9E3779B97F4A7C15;
    private const ulong Odd = 0xA0761D6478BD642F;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ (ulong)bytes.Length;
        while (bytes.Length > 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        hash = Fold(hash ^ Tail(bytes));
        return (uint)(hash ^ (hash >> 32));
    }

    private static ulong Tail(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 4)
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes)
                | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) << 32);
        }

        ulong tail = 0;
        foreach (var one in bytes)
        {
            tail = (tail << 8) | one;
        }

        return tail;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong value)
    {
        var high = Math.BigMul(value, Odd, out var low);
        return high ^ low;
    }
}
