using System.Buffers;
using System.Buffers.Text;

namespace Pipeline.Http.Events;

/// <summary>
/// Next offsets of all partitions in few characters: <see cref="Mark"/>, then Base64 (URL) of numbers in LEB128: how
/// many there are, their mean, and of each how far it lies from the mean (zigzag). Keys spread evenly, so most take one
/// or two bytes.
/// </summary>
internal static class PackedPosition
{
    public const char Mark = '~';

    private const int MostBytes = 10;

    public static void Write(long[] next, IBufferWriter<byte> to)
    {
        var mean = (long)(next.Aggregate(Int128.Zero, static (sum, offset) => sum + offset) / next.Length);
        var bytes = ArrayPool<byte>.Shared.Rent((next.Length + 2) * MostBytes);
        var length = WriteNumber((ulong)next.Length, bytes);
        length += WriteNumber((ulong)mean, bytes.AsSpan(length));
        foreach (var offset in next)
        {
            var distance = offset - mean;
            length += WriteNumber((ulong)((distance << 1) ^ (distance >> 63)), bytes.AsSpan(length));
        }

        var text = to.GetSpan(1 + Base64Url.GetEncodedLength(length));
        text[0] = (byte)Mark;
        to.Advance(1 + Base64Url.EncodeToUtf8(bytes.AsSpan(0, length), text[1..]));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Sets what the text says; false where it is none, or says more partitions than there are.</summary>
    public static bool TryParse(string text, int partitions, TailPosition position)
    {
        var encoded = text.AsSpan(1);
        var bytes = new byte[Base64Url.GetMaxDecodedLength(encoded.Length)];
        if (!Base64Url.IsValid(encoded) || !Base64Url.TryDecodeFromChars(encoded, bytes, out var length))
        {
            return false;
        }

        ReadOnlySpan<byte> left = bytes.AsSpan(0, length);
        if (!TryRead(ref left, out var count) || count > (ulong)partitions || !TryRead(ref left, out var mean))
        {
            return false;
        }

        for (var partition = 0; partition < (int)count; partition++)
        {
            if (!TryRead(ref left, out var zigzag))
            {
                return false;
            }

            var next = (Int128)mean + ((long)(zigzag >> 1) ^ -(long)(zigzag & 1));
            if (next < 0 || next > long.MaxValue)
            {
                return false;
            }

            position.Set(partition, (long)next);
        }

        return left.IsEmpty;
    }

    private static int WriteNumber(ulong number, Span<byte> to)
    {
        var length = 0;
        for (; number >= 0x80; number >>= 7)
        {
            to[length++] = (byte)(number | 0x80);
        }

        to[length++] = (byte)number;
        return length;
    }

    private static bool TryRead(ref ReadOnlySpan<byte> from, out ulong number)
    {
        number = 0;
        for (var i = 0; i < from.Length && i < MostBytes; i++)
        {
            number |= (ulong)(from[i] & 0x7F) << (7 * i);
            if (from[i] < 0x80)
            {
                from = from[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
