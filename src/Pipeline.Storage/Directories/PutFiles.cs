using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Directories;

/// <summary>
/// Put blobs: whole files, replaced by rename. A reader is given a version only when the directory that names it was
/// synced after the rename, by the writer or by the reader itself: what was read cannot be taken back by a crash.
/// </summary>
internal sealed class PutFiles(DirectoryLayout layout, DirectoryNames directories)
{
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<BlobName, PutVersion> _durable = [];

    public BlobContent Read(BlobName name)
    {
        var path = layout.Put(name);
        if (ReadFile(path) is not { } bytes)
        {
            return new BlobContent(BlobStatus.NotFound, Detail: path);
        }

        var version = PutVersion.Of(bytes, out var damaged);
        if (!IsDurable(name, version))
        {
            directories.Sync(path);
            SetDurable(name, version);
        }

        var length = Math.Max(0, bytes.Length - PutVersion.Size);
        return new BlobContent(
            BlobStatus.Ok,
            bytes.AsMemory(0, length),
            version.ToETag(),
            length,
            Detail: damaged ? $"{path} is damaged" : null)
        {
            IsDamaged = damaged,
        };
    }

    public BlobOutcome Write(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition)
    {
        var path = layout.Put(name);
        var found = ReadFile(path) is { } bytes ? PutVersion.Of(bytes, out _) : default(PutVersion?);
        if (found?.ToETag() != condition.Match)
        {
            return new BlobOutcome(BlobStatus.Conflict, Detail: $"{path} has version {found?.ToETag()}");
        }

        directories.Ensure(path);
        var version = found?.Next() ?? PutVersion.First();
        using (var file = TemporaryFile.Create(layout.Temporary))
        {
            GatherWrite.Write(file.Handle, file.Path, 0, [content, version.Trailer(content.Span)]);
            PosixFile.SyncData(file.Handle, file.Path);
            var published = found is null ? PosixFile.Link(file.Path, path) : Swap(file.Path, path, condition.Match);
            if (published is false)
            {
                return new BlobOutcome(BlobStatus.Conflict, Detail: $"{path} was changed meanwhile");
            }

            if (published is null)
            {
                return new BlobOutcome(BlobStatus.Unavailable, Detail: $"{layout.Lock} is held by another process");
            }

            directories.Sync(path);
        }

        SetDurable(name, version);
        return new BlobOutcome(BlobStatus.Ok, version.ToETag());
    }

    /// <summary>Removes the name, not yet durably; false where there was none.</summary>
    public bool Remove(BlobName name)
    {
        lock (_gate)
        {
            _durable.Remove(name);
        }

        return PosixFile.Unlink(layout.Put(name));
    }

    /// <summary>Renames over the version expected; false: another is there; null: the lock cannot be had.</summary>
    private bool? Swap(string temporary, string path, ETag? expected)
    {
        using var file = PosixFile.Open(layout.Lock, Posix.ReadWrite)
            ?? throw new PosixException("open", layout.Lock, Errno.NoEntry);
        lock (_gate)
        {
            if (!FileLock.TryAcquire(file, layout.Lock, LockLimit))
            {
                return null;
            }

            // Closing the file releases the lock.
            var found = ReadFile(path) is { } bytes ? PutVersion.Of(bytes, out _) : default(PutVersion?);
            if (found?.ToETag() != expected)
            {
                return false;
            }

            PosixFile.Rename(temporary, path);
            FileLock.Release(file);
            return true;
        }
    }

    private static byte[]? ReadFile(string path)
    {
        using var file = PosixFile.Open(path, Posix.ReadOnly);
        if (file is null)
        {
            return null;
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)PosixFile.Status(file, path).Size);
        return bytes[..PosixFile.Read(file, path, bytes, 0)];
    }

    private bool IsDurable(BlobName name, PutVersion version)
    {
        lock (_gate)
        {
            return _durable.TryGetValue(name, out var known) && known == version;
        }
    }

    private void SetDurable(BlobName name, PutVersion version)
    {
        lock (_gate)
        {
            _durable[name] = version;
        }
    }
}
