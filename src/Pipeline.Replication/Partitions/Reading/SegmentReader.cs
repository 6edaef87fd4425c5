using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions.Segments;
using Pipeline.Replication.Quorums;

namespace Pipeline.Replication.Partitions.Reading;

/// <summary>
/// Reads the blocks of the segments that a catalog lists from whichever store gives good ones, and remembers where the
/// blocks of the segments read last begin. Not to be used from two threads at a time.
/// </summary>
internal sealed class SegmentReader(
    LogId log, SegmentCatalog catalog, IStoreSet stores, PartitionOptions options, TimeProvider time)
{
    private const int MaxFetches = 8;
    private readonly LinkedList<SegmentFetch> _fetches = new();
    private StoreId _lastGood;

    /// <summary>Blocks of the open segment, which whoever writes it adds; null: no segment is open here.</summary>
    public BlockMap? OpenMap { get; private set; }

    /// <summary>Another segment is open now, and empty.</summary>
    public void Open(SegmentId id)
    {
        OpenMap = new BlockMap(id);
        Keep(Make(OpenMap));
    }

    /// <summary>Blocks of closed segments, whole.</summary>
    public void Keep(IEnumerable<BlockMap> maps)
    {
        foreach (var map in maps)
        {
            Keep(Make(map));
        }
    }

    /// <summary>
    /// The position of the block that holds an offset, or where it will be; null where no store gives it now.
    /// </summary>
    public async ValueTask<LogPosition?> LocateAsync(LogOffset offset, CancellationToken cancellationToken)
    {
        if (!await catalog.LoadAsync(cancellationToken))
        {
            return null;
        }

        LogPosition? end = null;
        foreach (var segment in catalog.Segments().SkipWhile(s => s.End < offset).ToList())
        {
            var fetch = Fetch(segment.Id);
            while (true)
            {
                var block = fetch.Map.FindOffset(offset);
                end = new LogPosition(segment.Id.Number, block);
                if (block < fetch.Map.Count)
                {
                    return end;
                }

                if (fetch.Map.ReadTo >= segment.Bytes)
                {
                    break;
                }

                if (await ExtendAsync(fetch, segment.Bytes, cancellationToken) is null)
                {
                    return null;
                }
            }
        }

        return end;
    }

    /// <summary>The offset of the first block accepted at or after a time, ticks; null: there is none.</summary>
    public async ValueTask<LogOffset?> FindTimeAsync(long ticks, CancellationToken cancellationToken)
    {
        await catalog.LoadAsync(cancellationToken);
        foreach (var segment in catalog.Segments().Where(s => s.LastTime >= ticks).ToList())
        {
            var fetch = Fetch(segment.Id);
            while (true)
            {
                var block = fetch.Map.FindTime(ticks);
                if (block < fetch.Map.Count)
                {
                    return fetch.Map[block].First;
                }

                if (fetch.Map.ReadTo >= segment.Bytes
                    || await ExtendAsync(fetch, segment.Bytes, cancellationToken) is null)
                {
                    break;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// From where in which segment the block at a position, or the first one after it, is to be read; null where the
    /// catalog lists no more. To be called when that has been loaded.
    /// </summary>
    public SegmentPlace? Seek(LogPosition from)
    {
        foreach (var segment in catalog.Segments())
        {
            if (segment.Id.Number < from.Segment)
            {
                continue;
            }

            var wanted = segment.Id.Number == from.Segment ? from.Block : 0;
            var map = Find(segment.Id)?.Map;
            var block = Math.Min(wanted, map?.Count ?? 0);
            var bytes = map is null ? 0 : block < map.Count ? map[block].Position : map.ReadTo;
            if (bytes < segment.Bytes)
            {
                return new SegmentPlace(segment, wanted, block, bytes);
            }
        }

        return null;
    }

    /// <summary>
    /// Reads once at a place: adds the blocks wanted, none where the place only gets nearer to them; false where no
    /// store gives anything now.
    /// </summary>
    public async ValueTask<bool> ReadAsync(
        SegmentPlace place, int maxBytes, List<LogBlock> blocks, CancellationToken cancellationToken)
    {
        var end = place.Segment.Bytes;
        if (await ExtendAsync(Fetch(place.Segment.Id), end, cancellationToken, place.Bytes) is not { } frames)
        {
            return false;
        }

        var block = place.Block;
        var taken = 0L;
        foreach (var frame in frames)
        {
            if (frame.Header.Kind != FrameKind.Data)
            {
                continue;
            }

            if (block >= place.Wanted && (taken == 0 || taken < maxBytes))
            {
                taken += frame.Payload.Length;
                blocks.Add(new LogBlock(
                    new LogPosition(place.Segment.Id.Number, block),
                    frame.Header.First,
                    frame.Header.Count,
                    frame.Payload));
            }

            block++;
        }

        return true;
    }

    /// <summary>Reads frames from a position (or from where the map ends) on, and notes them in the map.</summary>
    private async ValueTask<List<FetchedFrame>?> ExtendAsync(
        SegmentFetch fetch, long end, CancellationToken cancellationToken, long? from = null)
    {
        var position = from ?? fetch.Map.ReadTo;
        var frames = await fetch.FetchAsync(position, end, cancellationToken);
        _lastGood = frames is null ? _lastGood : fetch.Store;
        foreach (var frame in frames ?? [])
        {
            if (position == fetch.Map.ReadTo)
            {
                fetch.Map.Add(frame.Header);
            }

            position += frame.Header.Size;
        }

        return frames;
    }

    private SegmentFetch Make(BlockMap map) => new(log, map, stores, _lastGood, options, time);

    /// <summary>The one for a segment, which is now the one used last.</summary>
    private SegmentFetch Fetch(SegmentId id)
    {
        var fetch = Find(id);
        if (fetch is not null)
        {
            _fetches.Remove(fetch);
        }

        fetch ??= Make(new BlockMap(id));
        Keep(fetch);
        return fetch;
    }

    private SegmentFetch? Find(SegmentId id)
    {
        foreach (var kept in _fetches)
        {
            if (kept.Map.Segment == id)
            {
                return kept;
            }
        }

        return null;
    }

    private void Keep(SegmentFetch fetch)
    {
        _fetches.AddFirst(fetch);
        while (_fetches.Count > MaxFetches)
        {
            var oldest = _fetches.Last!.Value;
            _fetches.RemoveLast();
            if (oldest.Map == OpenMap)
            {
                _fetches.AddFirst(oldest);
            }
        }
    }
}
