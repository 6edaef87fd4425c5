using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Logs;

/// <summary>
/// A repair blob: what a store's sealed copy of a segment lacks. <c>u32 magic, u8 version, i64 from, u32 CRC-32C of
/// the bytes, u32 CRC-32C of the header</c>, then the segment's bytes from position <c>from</c> on. The segment is
/// readable from that store as the first <c>from</c> bytes of the copy followed by these.
/// </summary>
public static class FixCodec
{
    public const int HeaderSize = 21;
    private const uint Magic = 0x31584C50;
    private const byte Version = 1;

    /// <summary>
    /// Writes the header for <paramref name="bytes"/>, which continue the copy at <paramref name="from"/>.
    /// </summary>
    public static byte[] Header(long from, ReadOnlySpan<byte> bytes)
    {
        var to = new ByteWriter();
        to.UInt32(Magic);
        to.Byte(Version);
        to.Int64(from);
        to.UInt32(Crc32C.Compute(bytes));
        to.UInt32(Crc32C.Compute(to.Written));
        return to.Written.ToArray();
    }

    /// <summary>The whole blob.</summary>
    public static byte[] Encode(long from, ReadOnlySpan<byte> bytes) => [.. Header(from, bytes), .. bytes];

    /// <summary>Reads where the bytes after the header continue the copy; false where the blob is damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> blob, out long from)
    {
        from = 0;
        if (blob.Length < HeaderSize
            || Crc32C.Compute(blob[..(HeaderSize - 4)]) != new ByteReader(blob[(HeaderSize - 4)..]).UInt32())
        {
            return false;
        }

        var reader = new ByteReader(blob);
        if (reader.UInt32() != Magic || reader.Byte() != Version)
        {
            return false;
        }

        from = reader.Int64();
        return reader.UInt32() == Crc32C.Compute(blob[HeaderSize..]) && from >= 0;
    }
}
