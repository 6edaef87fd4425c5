using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Quorums;

namespace Pipeline.Replication.Partitions.Reading;

/// <summary>
/// All segments of a log in order: from the index blobs (read when first needed), the manifest, the open one.
/// </summary>
internal sealed class SegmentCatalog(LogId log, IStoreSet stores)
{
    private List<ClosedSegment> _older = [];
    private SegmentIndexLink? _olderLink;
    private LogManifest _manifest = LogManifest.Initial(log);
    private bool _isKnown;

    /// <summary>The open segment's bytes and offsets up to the commit.</summary>
    public SegmentSpan? Open { get; set; }

    public LogManifest Manifest => _manifest;

    public LogOffset First => _manifest.First;

    /// <summary>A manifest of any later version: what its index has that is not known is read when needed.</summary>
    public void Renew(LogManifest manifest)
    {
        (_manifest, _isKnown) = (manifest, true);
        if (manifest.Index is null)
        {
            (_older, _olderLink) = ([], null);
        }
    }

    /// <summary>The owner's next manifest: what it has moved to the index was in the one before.</summary>
    public void Change(LogManifest manifest)
    {
        if (_isKnown && IsComplete && manifest.Index is not null && manifest.Index != _manifest.Index)
        {
            var lastKnown = _older.Count > 0 ? _older[^1].Id.Number : -1;
            var firstKept = manifest.Closed.Count > 0 ? manifest.Closed[0].Id.Number : long.MaxValue;
            _older.AddRange(_manifest.Closed.Where(s => s.Id.Number > lastKnown && s.Id.Number < firstKept));
            _olderLink = manifest.Index;
        }

        Renew(manifest);
    }

    /// <summary>Reads the index as far as it is not known; false where no store has it now.</summary>
    public async ValueTask<bool> LoadAsync(CancellationToken cancellationToken)
    {
        while (!IsComplete)
        {
            if (!await LoadOnceAsync(cancellationToken))
            {
                return false;
            }
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

    private bool IsComplete => _manifest.Index == _olderLink;

    private async ValueTask<bool> LoadOnceAsync(CancellationToken cancellationToken)
    {
        var (wanted, known, first) = (_manifest.Index, _olderLink, _manifest.FirstNumber);
        var chain = new List<IReadOnlyList<ClosedSegment>>();
        var link = wanted;
        while (link is not null && link != known)
        {
            if (await ReadAsync(link.Hash, cancellationToken) is not { } index)
            {
                return false;
            }

            chain.Add(index.Segments);
            link = index.Segments[0].Id.Number <= first ? null : index.Older;
        }

        // While it was read the manifest may have changed: then all that is known is what was known.
        if (wanted == _manifest.Index && known == _olderLink)
        {
            chain.Reverse();
            (_older, _olderLink) = ([.. link is null ? [] : _older, .. chain.SelectMany(static part => part)], wanted);
        }

        return true;
    }

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
