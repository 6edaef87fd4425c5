using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Quorums;

namespace Pipeline.Replication.Scrubbing;

/// <summary>
/// What a log's manifest names: closed segments, those of the index blobs included, and the index blobs.
/// </summary>
internal sealed class LogContents(LogManifest manifest)
{
    private readonly List<ClosedSegment> _segments = [.. manifest.Closed];
    private readonly List<(Hash256 Hash, ReadOnlyMemory<byte> Bytes)> _indexes = [];

    public LogManifest Manifest => manifest;

    /// <summary>Those not trimmed.</summary>
    public IReadOnlyList<ClosedSegment> Segments => _segments;

    /// <summary>Whole index blobs, by the hash in their names.</summary>
    public IReadOnlyList<(Hash256 Hash, ReadOnlyMemory<byte> Bytes)> Indexes => _indexes;

    /// <summary>The index blob that no store has whole; null where there is none such.</summary>
    public Hash256? LostIndex { get; private set; }

    /// <summary>Follows the chain of index blobs, each from any store that has it whole.</summary>
    public async Task LoadAsync(IReadOnlyList<StoreMember> members, StoreReading reading)
    {
        for (var link = manifest.Index; link is not null;)
        {
            if (await LoadAsync(link.Hash, members, reading) is not { } index)
            {
                LostIndex = link.Hash;
                break;
            }

            _segments.AddRange(index.Segments);
            link = index.Segments[0].Id.Number <= manifest.FirstNumber ? null : index.Older;
        }

        _segments.RemoveAll(segment => segment.Id.Number < manifest.FirstNumber);
    }

    /// <summary>
    /// Whether nothing can ever name this segment again: it is trimmed, or an older epoch made it and neither the
    /// closed ones nor the open one are it.
    /// </summary>
    public bool IsOrphan(SegmentId segment) =>
        segment.Number < manifest.FirstNumber
        || (LostIndex is null
            && segment.Epoch.CompareTo(manifest.Epoch) < 0
            && segment != manifest.Open?.Id
            && !_segments.Exists(closed => closed.Id == segment));

    private async Task<SegmentIndex?> LoadAsync(
        Hash256 hash, IReadOnlyList<StoreMember> members, StoreReading reading)
    {
        foreach (var member in members)
        {
            var content = await reading.GetAsync(member.Store, LogNames.Index(manifest.Log, hash));
            if (content.IsOk && Hash256.Of(content.Bytes.Span) == hash)
            {
                _indexes.Add((hash, content.Bytes));
                return LogManifestCodec.DecodeIndex(content.Bytes.Span);
            }
        }

        return null;
    }
}
