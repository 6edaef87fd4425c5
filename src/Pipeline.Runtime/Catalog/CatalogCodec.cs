using System.Buffers.Binary;
using System.Text.Json;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Runtime.Catalog;

/// <summary>
/// The catalog's bytes: <c>u8 version 1, JSON (UTF-8), u32 crc32c</c> of all before, little endian. JSON, because a
/// field that a later version adds must not break an older reader of the same version.
/// </summary>
public static class CatalogCodec
{
    private const byte Version = 1;

    public static byte[] Write(CatalogState state)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(CatalogJson.From(state));
        var bytes = new byte[json.Length + 5];
        bytes[0] = Version;
        json.CopyTo(bytes, 1);
        var end = json.Length + 1;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(end), Crc32C.Compute(bytes.AsSpan(0, end)));
        return bytes;
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where the bytes are not a catalog of this version.</summary>
    public static CatalogState Read(ReadOnlySpan<byte> from)
    {
        if (from.Length < 5 || BinaryPrimitives.ReadUInt32LittleEndian(from[^4..]) != Crc32C.Compute(from[..^4]))
        {
            throw new InvalidDataException("not a catalog, or a damaged one");
        }

        if (from[0] != Version)
        {
            throw new InvalidDataException($"the catalog has version {from[0]}, this program reads version {Version}");
        }

        var json = JsonSerializer.Deserialize<CatalogJson>(from[1..^4])
            ?? throw new InvalidDataException("the catalog is empty");
        return json.ToState();
    }
}
