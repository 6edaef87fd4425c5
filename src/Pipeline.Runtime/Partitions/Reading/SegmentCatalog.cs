using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Runtime.Stores;

namespace Pipeline.Runtime.Partitions.Reading;

/// <summary>
/// All segments of a log in order: from the index blobs (read when first needed), the manifest, the open one.
/// </summary>
internal sealed class SegmentCatalog(LogId log, IStoreSet stores)
{
    private List<ClosedSegment> _older = [];
    private SegmentIndexLink? _olderLink;
    private LogManifest _manifest = LogManifest.Initial(log);

    /// <summary>The open segment's bytes and offsets up to the commit.</summary>
    public SegmentSpan? Open { get; set; }

    public LogManifest Manifest => _manifest;

    public LogOffset First => _manifest.First;

    public void Change(LogManifest manifest)
    {
        if (manifest.Index != _olderLink && manifest.Index is not null && _olderLink is not null)
        {
            // What the manifest has moved to the index is known already.
            var lastKnown = _older.Count > 0 ? _older[^1].Id.Number : -1;
            var firstKept = manifest.Closed.Count > 0 ? manifest.Closed[0].Id.Number : long.MaxValue;
            _older.AddRange(_manifest.Closed.Where(s => s.Id.Number > lastKnown && s.Id.Number < firstKept));
            _olderLink = manifest.Index;
        }
        else if (manifest.Index is null)
        {
            (_older, _olderLink) = ([], null);
        }

        _manifest = manifest;
    }

    /// <summary>Reads the index, if that was not done yet; false where no store has it now.</summary>
    public async ValueTask<bool> LoadAsync(CancellationToken cancellationToken)
    {
        var link = _manifest.Index;
        if (link == _olderLink)
        {
            return true;
        }

        var wanted = link;
        var chain = new List<IReadOnlyList<ClosedSegment>>();
        while (link is not null)
        {
            if (await ReadAsync(link.Hash, cancellationToken) is not { } index)
            {
                return false;
            }

            chain.Add(index.Segments);
            link = index.Older;
        }

        if (wanted == _manifest.Index)
        {
            chain.Reverse();
            (_older, _olderLink) = ([.. chain.SelectMany(c => c)], wanted);
        }

        return true;
    }

    /// <summary>Segments kept, oldest first; those in an index that is not loaded are left out.</summary>
    public IEnumerable<SegmentSpan> Segments()
    {
        foreach (var closed in _older.Concat(_manifest.Closed))
        {
            if (closed.Id.Number >= _manifest.FirstNumber)
            {
                yield return new SegmentSpan(closed.Id, closed.First, closed.End, closed.Bytes, closed.LastTime);
            }
        }

        if (Open is { } open)
        {
            yield return open;
        }
    }

    /// <summary>Whether all kept segments are listed.</summary>
    public bool IsComplete => _manifest.Index == _olderLink;

    private async ValueTask<SegmentIndex?> ReadAsync(Hash256 hash, CancellationToken cancellationToken)
    {
        foreach (var member in stores.Members)
        {
            var blob = await member.Store.GetAsync(LogNames.Index(log, hash), cancellationToken);
            if (blob.IsOk && Hash256.Of(blob.Bytes.Span) == hash)
            {
                return LogManifestCodec.DecodeIndex(blob.Bytes.Span);
            }
        }

        return null;
    }
}
