using System.Buffers.Binary;
using System.Numerics;

namespace Pipeline.Kernel.Identity;

/// <summary>
/// Where a key lives: key → one of 4,096 slots → partition. The hash is XXH64 with seed 0 (Collet,
/// github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), named <see cref="HashName"/> in the catalog; another hash
/// gets another name, because the events already written stay where this one put them.
/// </summary>
public readonly record struct KeySlot(int Value)
{
    public const int Count = 4096;
    public const string HashName = "xxh64-1";

    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    public static KeySlot Of(ReadOnlySpan<byte> key) => new((int)(Hash(key) & (Count - 1)));

    /// <summary>The slot in a stream that places keys by <paramref name="hash"/>.</summary>
    public static KeySlot Of(ReadOnlySpan<byte> key, KeyHash hash) =>
        hash == KeyHash.ByText || !NumberKey.MayDiffer(key) ? Of(key) : OfNumber(key);

    /// <summary>The slot of a deduplication handle, which is a hash already.</summary>
    public static KeySlot Of(Hash128 handle) => new((int)(handle.Low & (Count - 1)));

    /// <summary>The partition of this slot: each of <paramref name="partitions"/> has one contiguous range.</summary>
    public int Partition(int partitions) => (int)((long)Value * partitions / Count);

    private static KeySlot OfNumber(ReadOnlySpan<byte> key)
    {
        Span<byte> number = stackalloc byte[NumberKey.MaxLength];
        return Of(NumberKey.Of(key, number));
    }

    private static ulong Hash(ReadOnlySpan<byte> key)
    {
        var rest = key;
        ulong hash;
        if (rest.Length >= 32)
        {
            ulong a = unchecked(Prime1 + Prime2), b = Prime2, c = 0, d = unchecked(0 - Prime1);
            for (; rest.Length >= 32; rest = rest[32..])
            {
                a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(rest));
                b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
                c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(rest[16..]));
                d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(rest[24..]));
            }

            hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7)
                + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
            hash = Merge(Merge(Merge(Merge(hash, a), b), c), d);
        }
        else
        {
            hash = Prime5;
        }

        return Avalanche(Tail(hash + (ulong)key.Length, rest));
    }

    private static ulong Tail(ulong hash, ReadOnlySpan<byte> rest)
    {
        for (; rest.Length >= 8; rest = rest[8..])
        {
            hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest));
            hash = (BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4;
        }

        if (rest.Length >= 4)
        {
            hash ^= BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1;
            hash = (BitOperations.RotateLeft(hash, 23) * Prime2) + Prime3;
            rest = rest[4..];
        }

        foreach (var b in rest)
        {
            hash ^= b * Prime5;
            hash = BitOperations.RotateLeft(hash, 11) * Prime1;
        }

        return hash;
    }

    private static ulong Round(ulong lane, ulong input) =>
        BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * Prime1) + Prime4;

    private static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }
}
