using System.Globalization;
using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Storage.Directories;

/// <summary>
/// The small text files that say what a store is: <c>pipeline-store {version} {id} {crc32c}</c>. The checksum over
/// the first line is part of every version to come, so a flipped bit is never taken for a newer version.
/// </summary>
internal readonly record struct IdentityFile(int Version, StoreId Id)
{
    public const int CurrentVersion = 1;
    private const string Magic = "pipeline-store";

    public static IdentityFile Current(StoreId id) => new(CurrentVersion, id);

    public byte[] Encode()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Magic} {Version} {Id}");
        var crc = Crc32C.Compute(Encoding.ASCII.GetBytes(text));
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{text} {crc:x8}\n"));
    }

    /// <summary>
    /// False where the bytes are damaged; of a newer version only <see cref="Version"/> has a meaning.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out IdentityFile identity)
    {
        identity = default;
        var text = Encoding.ASCII.GetString(bytes);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var cut = end < 0 ? -1 : text.LastIndexOf(' ', end);
        if (cut < 0
            || text[(cut + 1)..end] != Crc32C.Compute(bytes[..cut]).ToString("x8", CultureInfo.InvariantCulture))
        {
            return false;
        }

        var fields = text[..cut].Split(' ');
        if (fields.Length < 2 || fields[0] != Magic
            || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return false;
        }

        var parsed = StoreId.TryParse(fields.Length > 2 ? fields[2] : null, out var id);
        identity = new IdentityFile(version, id);
        return parsed || version > CurrentVersion;
    }
}
