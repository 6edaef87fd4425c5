using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Directories;

/// <summary>The operations of a directory store, as blocking calls for its I/O threads.</summary>
internal sealed class DirectoryBlobs : IDisposable
{
    private const int MaxOpen = 512;
    private const int SmallPut = 1 << 20;
    private static readonly TimeSpan SealLimit = TimeSpan.FromMilliseconds(250);

    private readonly DirectoryLayout _layout;
    private readonly StorePresence _presence;
    private readonly SegmentFiles _segments;
    private readonly DirectoryNames _directories;
    private readonly PutFiles _puts;
    private readonly Ballast _ballast;

    public DirectoryBlobs(string root, StoreId id, long ballast)
    {
        _layout = new DirectoryLayout(root, id);
        _presence = new StorePresence(root, id);
        _segments = new SegmentFiles(_layout, MaxOpen);
        _directories = new DirectoryNames(_layout);
        _puts = new PutFiles(_layout, _directories);
        _ballast = new Ballast(root, ballast);
    }

    public BlobContent Get(BlobName name) => Reading(() =>
    {
        var put = _puts.Read(name);
        return put.Status == BlobStatus.NotFound ? ReadSegment(name, 0, int.MaxValue) : put;
    });

    public BlobContent GetRange(BlobName name, long position, int length) => Reading(() =>
    {
        var segment = ReadSegment(name, position, length);
        return segment.Status == BlobStatus.NotFound ? Slice(_puts.Read(name), position, length) : segment;
    });

    public BlobOutcome Put(BlobName name, ReadOnlyMemory<byte> content, PutCondition condition) => Writing(() =>
    {
        try
        {
            return _puts.Write(name, content, condition);
        }
        catch (PosixException full) when (content.Length <= SmallPut && MadeRoom(full))
        {
            return _puts.Write(name, content, condition);
        }
    });

    public BlobOutcome CreateAppendBlob(BlobName name) => Writing(() =>
        CreateSegment(name)
            ? new BlobOutcome(BlobStatus.Ok, Length: 0)
            : new BlobOutcome(BlobStatus.Conflict, Detail: _layout.Log(name)));

    public BlobOutcome Append(BlobName name, long position, IReadOnlyList<ReadOnlyMemory<byte>> content)
    {
        try
        {
            return _presence.Lost is { } reason ? LostOutcome(reason) : AppendPresent(name, position, content);
        }
        catch (PosixException failed)
        {
            return Grade(failed);
        }
    }

    public BlobOutcome Seal(BlobName name) => Writing(() =>
    {
        try
        {
            return SealPresent(name);
        }
        catch (PosixException full) when (MadeRoom(full))
        {
            return SealPresent(name);
        }
    });

    public BlobOutcome Delete(BlobName name) => Writing(() =>
    {
        var log = _layout.Log(name);
        var found = _puts.Remove(name);
        found |= PosixFile.Unlink(log);
        found |= PosixFile.Unlink(_layout.Seal(name));
        _segments.Forget(name);
        if (found)
        {
            _directories.Sync(log);
        }

        return new BlobOutcome(BlobStatus.Ok);
    });

    public BlobListing List(string prefix)
    {
        try
        {
            return _presence.Check()
                ? new BlobListing(BlobStatus.Ok, BlobWalk.List(_layout, prefix))
                : new BlobListing(BlobStatus.StoreLost, [], _presence.Lost);
        }
        catch (Exception failed) when (failed is PosixException or IOException or UnauthorizedAccessException)
        {
            var status = _presence.Check() ? BlobStatus.Unavailable : BlobStatus.StoreLost;
            return new BlobListing(status, [], failed.Message);
        }
    }

    public void Dispose() => _segments.Dispose();

    private BlobOutcome AppendPresent(BlobName name, long position, IReadOnlyList<ReadOnlyMemory<byte>> content)
    {
        if (_segments.Rent(name) is not { } segment)
        {
            return _presence.Check()
                ? new BlobOutcome(BlobStatus.NotFound, Detail: _layout.Log(name))
                : LostOutcome(_presence.Lost);
        }

        try
        {
            var written = segment.Write(position, content);
            if (!written.IsOk)
            {
                return _presence.Check() ? written : LostOutcome(_presence.Lost);
            }

            segment.SyncTo(position + GatherWrite.Length(content));
            return Count(segment, position + GatherWrite.Length(content));
        }
        finally
        {
            _segments.Return(segment);
        }
    }

    /// <summary>An append counts only if, after its fdatasync, nothing had ended the blob or the store.</summary>
    private BlobOutcome Count(SegmentFile segment, long length)
    {
        if (segment.IsSealed)
        {
            return new BlobOutcome(BlobStatus.Sealed, Detail: segment.FilePath);
        }

        var linked = segment.IsLinked;
        if (!_presence.Check())
        {
            return LostOutcome(_presence.Lost);
        }

        if (_ballast.IsReleased)
        {
            _ballast.Restore();
        }

        return linked
            ? new BlobOutcome(BlobStatus.Ok, Length: length)
            : new BlobOutcome(BlobStatus.NotFound, Detail: segment.FilePath);
    }

    private BlobOutcome SealPresent(BlobName name)
    {
        SegmentFile? segment;
        while ((segment = _segments.Rent(name)) is null)
        {
            CreateSegment(name);
        }

        try
        {
            var length = segment.TrySeal(SealLimit)
                ? segment.Sync()
                : SealedCopy.Replace(segment, _layout.Temporary);
            _directories.Sync(segment.FilePath);
            return new BlobOutcome(BlobStatus.Ok, Length: length);
        }
        finally
        {
            _segments.Return(segment);
        }
    }

    private bool MadeRoom(PosixException failed) =>
        failed.Errno == Errno.NoSpace && !failed.IsSync && _ballast.Release();

    private bool CreateSegment(BlobName name)
    {
        var path = _layout.Log(name);
        _directories.Ensure(path);
        using var file = PosixFile.CreateNew(path);
        if (file is not null)
        {
            PosixFile.SyncData(file, path);
        }

        _directories.Sync(path);
        return file is not null;
    }

    private BlobContent ReadSegment(BlobName name, long position, int length)
    {
        if (_segments.Rent(name) is not { } segment)
        {
            return new BlobContent(BlobStatus.NotFound, Detail: _layout.Log(name));
        }

        try
        {
            var isSealed = segment.IsSealed;
            var bytes = segment.Read(position, length);
            return new BlobContent(BlobStatus.Ok, bytes, Length: segment.Length, IsSealed: isSealed);
        }
        finally
        {
            _segments.Return(segment);
        }
    }

    private BlobContent Reading(Func<BlobContent> body)
    {
        try
        {
            var content = _presence.Check() ? body() : new BlobContent(BlobStatus.StoreLost, Detail: _presence.Lost);
            return content.Status == BlobStatus.NotFound && !_presence.Check()
                ? new BlobContent(BlobStatus.StoreLost, Detail: _presence.Lost)
                : content;
        }
        catch (PosixException failed)
        {
            var outcome = Grade(failed);
            var status = outcome.Status == BlobStatus.NoSpace ? BlobStatus.Unavailable : outcome.Status;
            return new BlobContent(status, Detail: outcome.Detail);
        }
    }

    private BlobOutcome Writing(Func<BlobOutcome> body)
    {
        try
        {
            var outcome = _presence.Check() ? body() : LostOutcome(_presence.Lost);
            return _presence.Check() ? outcome : LostOutcome(_presence.Lost);
        }
        catch (PosixException failed)
        {
            return Grade(failed);
        }
    }

    private BlobOutcome Grade(PosixException failed)
    {
        if (failed.IsSync)
        {
            _presence.Poison(failed.Message);
        }

        return _presence.Check()
            ? new BlobOutcome(Errno.Grade(failed.Errno), Detail: failed.Message)
            : LostOutcome(_presence.Lost ?? failed.Message);
    }

    private static BlobOutcome LostOutcome(string? reason) => new(BlobStatus.StoreLost, Detail: reason);

    private static BlobContent Slice(BlobContent whole, long position, int length)
    {
        if (!whole.IsOk)
        {
            return whole;
        }

        var start = (int)Math.Clamp(position, 0, whole.Bytes.Length);
        return whole with { Bytes = whole.Bytes.Slice(start, Math.Min(length, whole.Bytes.Length - start)) };
    }
}
