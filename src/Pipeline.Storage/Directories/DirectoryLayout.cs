using System.Buffers;
using Pipeline.Kernel.Identity;

namespace Pipeline.Storage.Directories;

/// <summary>
/// Where things lie under a store's root:
/// <list type="bullet">
/// <item><c>identity</c>, <c>formatted</c>, <c>poisoned</c>: see <see cref="IdentityFile"/>;</item>
/// <item><c>ballast</c>: room kept for small puts when the disk is full;</item>
/// <item><c>{incarnation}/</c>: its blobs, <c>a/b/name=log</c> (append), <c>name=seal</c> (its marker),
/// <c>name=put</c>; <c>=tmp/</c> and <c>=lock</c> beside them. '=' is in no blob name.</item>
/// </list>
/// A new incarnation therefore never sees a blob of a former one.
/// </summary>
internal sealed class DirectoryLayout(string root, StoreId id)
{
    public const string LogSuffix = "=log";
    public const string SealSuffix = "=seal";
    public const string PutSuffix = "=put";

    private const int MaxPart = 200;
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The incarnation's directory: everything below may be created, it itself never.</summary>
    public string Blobs { get; } = Path.Combine(root, id.ToString());

    public string Temporary => Path.Combine(Blobs, "=tmp");

    public string Lock => Path.Combine(Blobs, "=lock");

    public string Log(BlobName name) => File(name, LogSuffix);

    public string Seal(BlobName name) => File(name, SealSuffix);

    public string Put(BlobName name) => File(name, PutSuffix);

    /// <summary>Whether the name follows the rules of <see cref="BlobName"/>.</summary>
    public static bool IsValid(BlobName name)
    {
        if (string.IsNullOrEmpty(name.Value))
        {
            return false;
        }

        var text = name.Value.AsSpan();
        foreach (var range in text.Split('/'))
        {
            var part = text[range];
            if (part.Length is 0 or > MaxPart || part is "." or ".." || part.ContainsAnyExcept(Allowed))
            {
                return false;
            }
        }

        return true;
    }

    private string File(BlobName name, string suffix) => IsValid(name)
        ? string.Concat(Blobs, "/", name.Value, suffix)
        : throw new ArgumentException($"'{name}' is no blob name.", nameof(name));
}
