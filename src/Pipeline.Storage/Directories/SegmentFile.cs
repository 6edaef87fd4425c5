using Microsoft.Win32.SafeHandles;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Directories;

/// <summary>
/// An append blob: a file that grows, and a marker beside it that says it is sealed. Invariants:
/// <list type="bullet">
/// <item>Length check, marker check, write and cutting back one's own failed write happen under flock; no fsync
/// does.</item>
/// <item>An append counts only if after its fdatasync the marker is absent and the file has a name.</item>
/// <item>The marker is created under flock, or the file is replaced by a copy after it: either way no byte is added to
/// or cut from what is read after the seal.</item>
/// <item>No byte is given to a reader before it is on disk.</item>
/// </list>
/// </summary>
internal sealed class SegmentFile(SafeFileHandle file, bool isWritable, string path, string sealPath) : IDisposable
{
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private long _synced;

    /// <summary>How many operations use it now; guarded by <see cref="SegmentFiles"/>.</summary>
    public int Users { get; set; }

    /// <summary>When it was last used, in uses of the cache; guarded by <see cref="SegmentFiles"/>.</summary>
    public long LastUse { get; set; }

    public string FilePath => path;

    public bool IsSealed => PosixFile.Exists(sealPath);

    /// <summary>Whether the file still has its name; a seal may have put a copy in its place.</summary>
    public bool IsLinked => PosixFile.Status(file, path).Links > 0;

    public long Length => PosixFile.Status(file, path).Size;

    /// <summary>Writes at the position, not yet durable.</summary>
    public BlobOutcome Write(long position, IReadOnlyList<ReadOnlyMemory<byte>> content)
    {
        if (!isWritable)
        {
            return new BlobOutcome(BlobStatus.NoSpace, Detail: $"{path} is not writable");
        }

        lock (_gate)
        {
            if (!FileLock.TryAcquire(file, path, LockLimit))
            {
                return new BlobOutcome(BlobStatus.Unavailable, Detail: $"{path} is locked by another process");
            }

            try
            {
                return WriteLocked(position, content);
            }
            finally
            {
                FileLock.Release(file);
            }
        }
    }

    /// <summary>Makes durable what was written before the call; returns how many bytes that are.</summary>
    public long Sync()
    {
        var length = Length;
        SyncTo(length);
        return length;
    }

    /// <summary>Makes durable what was written before the call: <paramref name="length"/> bytes at least.</summary>
    public void SyncTo(long length)
    {
        PosixFile.SyncData(file, path);
        for (var synced = Interlocked.Read(ref _synced); synced < length;)
        {
            var seen = Interlocked.CompareExchange(ref _synced, length, synced);
            if (seen == synced)
            {
                return;
            }

            synced = seen;
        }
    }

    /// <summary>Reads up to <paramref name="length"/> bytes that are durable, or are made so.</summary>
    public byte[] Read(long position, int length)
    {
        var end = Math.Min(position + length, Length);
        if (end <= position)
        {
            return [];
        }

        if (end > Interlocked.Read(ref _synced))
        {
            Sync();
        }

        var buffer = GC.AllocateUninitializedArray<byte>((int)(end - position));
        var count = PosixFile.Read(file, path, buffer, position);
        return count == buffer.Length ? buffer : buffer[..count];
    }

    /// <summary>
    /// Creates the marker. False: another process stands still inside its critical section, and the caller must put
    /// a copy in this file's place (<see cref="SealedCopy"/>).
    /// </summary>
    public bool TrySeal(TimeSpan limit)
    {
        lock (_gate)
        {
            var locked = FileLock.TryAcquire(file, path, limit);
            try
            {
                PosixFile.CreateNew(sealPath)?.Dispose();
                return locked;
            }
            finally
            {
                if (locked)
                {
                    FileLock.Release(file);
                }
            }
        }
    }

    public void Dispose() => file.Dispose();

    private BlobOutcome WriteLocked(long position, IReadOnlyList<ReadOnlyMemory<byte>> content)
    {
        if (IsSealed)
        {
            return new BlobOutcome(BlobStatus.Sealed, Detail: path);
        }

        var status = PosixFile.Status(file, path);
        if (status.Links == 0)
        {
            return new BlobOutcome(BlobStatus.NotFound, Detail: path);
        }

        if (status.Size != position)
        {
            return new BlobOutcome(
                BlobStatus.PositionMismatch, Length: status.Size, Detail: $"{path} has {status.Size} bytes");
        }

        try
        {
            GatherWrite.Write(file, path, position, content);
            return new BlobOutcome(BlobStatus.Ok);
        }
        catch (PosixException failed)
        {
            if (Posix.Truncate(file, position) != 0)
            {
                throw;
            }

            return new BlobOutcome(Errno.Grade(failed.Errno), Detail: failed.Message);
        }
    }
}
