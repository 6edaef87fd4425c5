using System.Buffers.Binary;

namespace Pipeline.ModelChecking.Exploration;

/// <summary>
/// 128 bits of a state's encoding: two multiply-fold hashes (as in wyhash) with keys of their own. Among 10^8 states
/// the odds that any two share one are below 10^-21.
/// </summary>
public static class Fingerprints
{
    public static UInt128 Of(ReadOnlySpan<byte> bytes)
    {
        var first = 0x9E3779B97F4A7C15UL ^ (ulong)bytes.Length;
        var second = 0xC2B2AE3D27D4EB4FUL + (ulong)bytes.Length;
        while (bytes.Length >= 8)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            first = Fold(first ^ word, 0xA0761D6478BD642FUL);
            second = Fold(second + word, 0xE7037ED1A0B428DBUL) ^ word;
            bytes = bytes[8..];
        }

        var rest = 1UL;
        foreach (var b in bytes)
        {
            rest = (rest << 8) | b;
        }

        first = Fold(first ^ rest, 0x8EBC6AF09C88C6E3UL);
        second = Fold(second + rest, 0x589965CC75374CC3UL) ^ rest;
        return new UInt128(Fold(first, 0x1D8E4E27C47D124FUL), Fold(second, 0xEB44ACCAB455D165UL));
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
