using Pipeline.Kernel.Identity;

namespace Pipeline.Storage.Directories;

/// <summary>The append blobs that are open, kept open between operations; the least recently used are closed.</summary>
internal sealed class SegmentFiles(DirectoryLayout layout, int max) : IDisposable
{
    private const long Forgotten = -1;
    private readonly Lock _gate = new();
    private readonly Dictionary<BlobName, SegmentFile> _open = [];
    private long _uses;

    /// <summary>Opens or finds the file; null where there is none. Every rent is followed by a return.</summary>
    public SegmentFile? Rent(BlobName name)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(name, out var found))
            {
                if (found.IsLinked)
                {
                    return Use(found);
                }

                Forget(name, found);
            }

            return OpenFile(name) is not { } segment ? null : Use(segment);
        }
    }

    public void Return(SegmentFile segment)
    {
        lock (_gate)
        {
            if (--segment.Users == 0 && segment.LastUse == Forgotten)
            {
                segment.Dispose();
            }
        }
    }

    public void Forget(BlobName name)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(name, out var segment))
            {
                Forget(name, segment);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (name, segment) in _open.ToArray())
            {
                Forget(name, segment);
            }
        }
    }

    private SegmentFile? OpenFile(BlobName name)
    {
        var path = layout.Log(name);
        try
        {
            if (PosixFile.Open(path, Posix.ReadWrite) is not { } file)
            {
                return null;
            }

            CloseLeastUsed();
            var segment = new SegmentFile(file, isWritable: true, path, layout.Seal(name));
            _open.Add(name, segment);
            return segment;
        }
        catch (PosixException refused) when (Errno.IsNoSpace(refused.Errno))
        {
            // Not kept: it may become writable again.
            return PosixFile.Open(path, Posix.ReadOnly) is { } file
                ? new SegmentFile(file, isWritable: false, path, layout.Seal(name)) { LastUse = Forgotten }
                : null;
        }
    }

    private SegmentFile Use(SegmentFile segment)
    {
        segment.Users++;
        segment.LastUse = segment.LastUse == Forgotten ? Forgotten : ++_uses;
        return segment;
    }

    /// <summary>Closed now, or when its last user returns it.</summary>
    private void Forget(BlobName name, SegmentFile segment)
    {
        _open.Remove(name);
        segment.LastUse = Forgotten;
        if (segment.Users == 0)
        {
            segment.Dispose();
        }
    }

    private void CloseLeastUsed()
    {
        if (_open.Count < max)
        {
            return;
        }

        var oldest = _open
            .Where(static entry => entry.Value.Users == 0)
            .OrderBy(static entry => entry.Value.LastUse)
            .FirstOrDefault();
        if (oldest.Value is { } segment)
        {
            Forget(oldest.Key, segment);
        }
    }
}
