using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Directories;

/// <summary>The files at a store's root that say what it is: read, written once, replaced.</summary>
internal static class StoreFiles
{
    private const int MaxSize = 4096;

    public static StoreProbe Probe(string root)
    {
        var bytes = Read(Path.Combine(root, "identity"));
        if (bytes is null)
        {
            return new StoreProbe(StoreCondition.Blank);
        }

        if (!IdentityFile.TryDecode(bytes, out var identity))
        {
            return new StoreProbe(StoreCondition.Damaged, default, $"{root}/identity cannot be read");
        }

        if (identity.Version > IdentityFile.CurrentVersion)
        {
            return new StoreProbe(
                StoreCondition.Newer,
                default,
                $"{root} has format version {identity.Version}; "
                + $"this program knows up to {IdentityFile.CurrentVersion}");
        }

        if (Read(Path.Combine(root, "poisoned")) is { } reason
            && System.Text.Encoding.UTF8.GetString(reason) is var text
            && text.StartsWith(identity.Id.ToString(), StringComparison.Ordinal))
        {
            return new StoreProbe(StoreCondition.Damaged, identity.Id, text.TrimEnd());
        }

        var isFormatted = Read(Path.Combine(root, "formatted")) is { } mark
            && IdentityFile.TryDecode(mark, out var marked)
            && marked.Id == identity.Id;
        return new StoreProbe(isFormatted ? StoreCondition.Formatted : StoreCondition.Identified, identity.Id);
    }

    /// <summary>Creates the root if need be, the incarnation's directory, then its identity.</summary>
    public static BlobOutcome Identify(string root, StoreId id, long ballast)
    {
        PosixFile.MakeDirectories(root);
        if (Path.GetDirectoryName(Path.GetFullPath(root)) is { } parent)
        {
            PosixFile.SyncDirectory(parent);
        }

        PrepareIncarnation(root, id, ballast);
        if (Publish(root, "identity", id, replace: false))
        {
            return new BlobOutcome(BlobStatus.Ok);
        }

        var found = Probe(root);
        return new BlobOutcome(
            found.Id == id ? BlobStatus.Ok : BlobStatus.Conflict, Detail: $"{root} has identity {found.Id}");
    }

    public static BlobOutcome Mark(string root, StoreId id)
    {
        if (Probe(root).Id != id)
        {
            return new BlobOutcome(BlobStatus.StoreLost, Detail: $"{root} has another identity");
        }

        Publish(root, "formatted", id, replace: true);
        return new BlobOutcome(BlobStatus.Ok);
    }

    /// <summary>Under the root's lock: the former incarnation must still be the one expected.</summary>
    public static BlobOutcome Replace(string root, StoreId former, StoreId id, long ballast)
    {
        using var directory = PosixFile.OpenDirectory(root);
        if (directory is not null && !FileLock.TryAcquire(directory, root, TimeSpan.FromSeconds(1)))
        {
            return new BlobOutcome(BlobStatus.Unavailable, Detail: $"{root} cannot be locked");
        }

        var found = Probe(root);
        if (found.Condition is StoreCondition.Blank or StoreCondition.Newer || found.Id != former)
        {
            return new BlobOutcome(BlobStatus.Conflict, Detail: $"{root} is {found.Condition} {found.Id}");
        }

        PrepareIncarnation(root, id, ballast);
        Publish(root, "identity", id, replace: true);
        PosixFile.Unlink(Path.Combine(root, "poisoned"));
        return new BlobOutcome(BlobStatus.Ok);
    }

    private static void PrepareIncarnation(string root, StoreId id, long ballast)
    {
        var layout = new DirectoryLayout(root, id);
        PosixFile.MakeDirectory(layout.Blobs);
        PosixFile.MakeDirectory(layout.Temporary);
        PosixFile.CreateNew(layout.Lock)?.Dispose();
        PosixFile.SyncDirectory(layout.Blobs);
        new Ballast(root, ballast).Restore();
    }

    private static bool Publish(string root, string name, StoreId id, bool replace)
    {
        var temporary = Path.Combine(root, $"{name}-{Guid.NewGuid():n}");
        try
        {
            using (var file = PosixFile.CreateNew(temporary)!)
            {
                GatherWrite.Write(file, temporary, 0, [IdentityFile.Current(id).Encode()]);
                PosixFile.SyncData(file, temporary);
            }

            var target = Path.Combine(root, name);
            var published = true;
            if (replace)
            {
                PosixFile.Rename(temporary, target);
            }
            else
            {
                published = PosixFile.Link(temporary, target);
            }

            PosixFile.SyncDirectory(root);
            return published;
        }
        finally
        {
            PosixFile.Unlink(temporary);
        }
    }

    private static byte[]? Read(string path)
    {
        using var file = PosixFile.Open(path, Posix.ReadOnly);
        if (file is null)
        {
            return null;
        }

        var buffer = new byte[MaxSize];
        return buffer[..PosixFile.Read(file, path, buffer, 0)];
    }
}
