using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Pipeline.Kernel.Codecs;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Directories;

/// <summary>
/// The version of a put blob, stored behind its contents: magic, counter, 64 random bits (so that a blob deleted and
/// created anew never has an old version), CRC-32C over contents and trailer. 32 bytes, little endian.
/// </summary>
internal readonly record struct PutVersion(long Counter, ulong Nonce)
{
    public const int Size = 32;
    private const ulong Magic = 0x3174_7570_5f65_7069; // "ipe_put1"

    public static PutVersion First() => new PutVersion(0, 0).Next();

    public PutVersion Next()
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        return new PutVersion(Counter + 1, BinaryPrimitives.ReadUInt64LittleEndian(random));
    }

    public ETag ToETag() => new(string.Create(CultureInfo.InvariantCulture, $"{Counter:x}-{Nonce:x16}"));

    public byte[] Trailer(ReadOnlySpan<byte> content)
    {
        var trailer = new byte[Size];
        BinaryPrimitives.WriteUInt64LittleEndian(trailer, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(trailer.AsSpan(8), Counter);
        BinaryPrimitives.WriteUInt64LittleEndian(trailer.AsSpan(16), Nonce);
        var crc = Crc32C.Compute(trailer.AsSpan(0, 28), Crc32C.Compute(content));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(28), crc);
        return trailer;
    }

    /// <summary>
    /// The version of a whole file. Where it is damaged the version is made of its bytes' checksum, so that damaged
    /// contents can still be read (what lies in them has checksums of its own) and replaced by If-Match.
    /// </summary>
    public static PutVersion Of(ReadOnlySpan<byte> file, out bool damaged)
    {
        damaged = true;
        if (file.Length >= Size)
        {
            var trailer = file[^Size..];
            damaged = BinaryPrimitives.ReadUInt64LittleEndian(trailer) != Magic
                || BinaryPrimitives.ReadUInt32LittleEndian(trailer[28..]) != Crc32C.Compute(file[..^4]);
            if (!damaged)
            {
                return new PutVersion(
                    BinaryPrimitives.ReadInt64LittleEndian(trailer[8..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(trailer[16..]));
            }
        }

        return new PutVersion(0, Crc32C.Compute(file) | ((ulong)file.Length << 32));
    }
}
