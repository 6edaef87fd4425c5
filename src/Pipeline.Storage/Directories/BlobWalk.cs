using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Directories;

/// <summary>Lists the blobs below an incarnation's directory.</summary>
internal static class BlobWalk
{
    public static List<BlobListItem> List(DirectoryLayout layout, string prefix)
    {
        var found = new List<BlobListItem>();
        var cut = prefix.LastIndexOf('/');
        var start = cut < 0 ? layout.Blobs : Path.Combine(layout.Blobs, prefix[..cut]);
        if (Directory.Exists(start))
        {
            Walk(new DirectoryInfo(start), cut < 0 ? "" : prefix[..(cut + 1)], prefix, found);
        }

        found.Sort(static (left, right) => left.Name.CompareTo(right.Name));
        return found;
    }

    private static void Walk(DirectoryInfo directory, string path, string prefix, List<BlobListItem> found)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            var name = path + entry.Name;
            if (entry is DirectoryInfo below)
            {
                if (!entry.Name.Contains('=') && Overlaps(name + "/", prefix))
                {
                    Walk(below, name + "/", prefix, found);
                }
            }
            else if (Item(name, (FileInfo)entry) is { } item
                && item.Name.Value.StartsWith(prefix, StringComparison.Ordinal))
            {
                found.Add(item);
            }
        }
    }

    private static bool Overlaps(string directory, string prefix) =>
        directory.StartsWith(prefix, StringComparison.Ordinal)
        || prefix.StartsWith(directory, StringComparison.Ordinal);

    private static BlobListItem? Item(string name, FileInfo file)
    {
        if (name.EndsWith(DirectoryLayout.LogSuffix, StringComparison.Ordinal))
        {
            return new BlobListItem(new BlobName(name[..^DirectoryLayout.LogSuffix.Length]), file.Length);
        }

        return name.EndsWith(DirectoryLayout.PutSuffix, StringComparison.Ordinal)
            ? new BlobListItem(
                new BlobName(name[..^DirectoryLayout.PutSuffix.Length]), Math.Max(0, file.Length - PutVersion.Size))
            : null;
    }
}
