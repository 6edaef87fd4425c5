using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Runtime.Partitions.Frames;
using Pipeline.Runtime.Partitions.Segments;
using Pipeline.Runtime.Stores;

namespace Pipeline.Runtime.Partitions.Reading;

/// <summary>
/// Reads committed blocks: the newest from memory, others from a store. All on the partition's loop.
/// </summary>
internal sealed class PartitionReader(LogId log, IStoreSet stores, PartitionOptions options, TimeProvider time)
{
    private const int MaxFetches = 8;
    private readonly BlockCache _cache = new(options.CacheBytes);
    private readonly CommitWaiters _waiters = new(time);
    private readonly LinkedList<SegmentFetch> _fetches = new();
    private BlockMap? _openMap;
    private bool _isStopped;

    public SegmentCatalog Catalog { get; } = new(log, stores);

    public LogOffset Committed { get; private set; }

    public void Open(LogManifest manifest)
    {
        Catalog.Change(manifest);
        var open = manifest.Open!;
        var fetch = new SegmentFetch(log, open.Id, stores, options);
        _openMap = fetch.Map;
        Keep(fetch);
        Catalog.Open = new SegmentSpan(open.Id, open.First, open.First, 0, 0);
        Committed = open.First;
        _waiters.WakeAll();
    }

    /// <summary>A frame of the open segment is committed.</summary>
    public void Add(FrameBuffer frame)
    {
        var header = frame.Header;
        if (_openMap is null || header.Segment != _openMap.Segment)
        {
            return;
        }

        if (header.Kind == FrameKind.Data)
        {
            _cache.Add(new LogPosition(header.Segment.Number, _openMap.Count), frame);
        }

        _openMap.Add(header);
        Committed = header.End;
        Catalog.Open = Catalog.Open!.Value with
        {
            End = header.End,
            Bytes = _openMap.ReadTo,
            LastTime = header is { Kind: FrameKind.Data, Count: > 0 } ? header.Time : Catalog.Open.Value.LastTime,
        };
    }

    public void WakeReaders() => _waiters.WakeAll();

    public void Stop()
    {
        _isStopped = true;
        _waiters.WakeAll();
    }

    public async ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var outcome = await ReadOnceAsync(request, cancellationToken);
            var left = request.Wait - time.GetElapsedTime(started);
            if (outcome.Status != ReadStatus.Ok || outcome.Blocks.Count > 0 || left <= TimeSpan.Zero)
            {
                return outcome;
            }

            await _waiters.WaitAsync(left, cancellationToken);
        }
    }

    /// <summary>The first committed offset whose acceptance time is not before <paramref name="ticks"/>.</summary>
    public async ValueTask<LogOffset> FindAsync(long ticks, CancellationToken cancellationToken)
    {
        await Catalog.LoadAsync(cancellationToken);
        foreach (var segment in Catalog.Segments().ToList())
        {
            if (segment.LastTime < ticks)
            {
                continue;
            }

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

        return Committed;
    }

    private async ValueTask<ReadOutcome> ReadOnceAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        if (_isStopped || _openMap is null)
        {
            return Answer(ReadStatus.Unavailable);
        }

        var blocks = new List<LogBlock>();
        if (request.After is { } after)
        {
            var next = after with { Block = after.Block + 1 };
            if (_cache.TryTake(next, request.MaxBytes, blocks))
            {
                return Answer(ReadStatus.Ok, blocks);
            }

            if (after.Segment >= Catalog.Manifest.FirstNumber)
            {
                return await GatherAsync(next, request, blocks, cancellationToken);
            }
        }

        if (request.From < Catalog.First || request.From > Committed)
        {
            return Answer(request.From < Catalog.First ? ReadStatus.Trimmed : ReadStatus.BeyondEnd);
        }

        if (_cache.FindOffset(request.From) is { } cached && _cache.TryTake(cached, request.MaxBytes, blocks))
        {
            return Answer(ReadStatus.Ok, blocks);
        }

        return await LocateAsync(request.From, cancellationToken) is { } start
            ? await GatherAsync(start, request, blocks, cancellationToken)
            : Answer(ReadStatus.Unavailable);
    }

    /// <summary>The position of the block that holds an offset, or where it will be.</summary>
    private async ValueTask<LogPosition?> LocateAsync(LogOffset offset, CancellationToken cancellationToken)
    {
        if (!Catalog.IsComplete && !await Catalog.LoadAsync(cancellationToken))
        {
            return null;
        }

        LogPosition? end = null;
        foreach (var segment in Catalog.Segments().SkipWhile(s => s.End < offset).ToList())
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

    private async ValueTask<ReadOutcome> GatherAsync(
        LogPosition from, ReadRequest request, List<LogBlock> blocks, CancellationToken cancellationToken)
    {
        if (!Catalog.IsComplete && !await Catalog.LoadAsync(cancellationToken))
        {
            return Answer(ReadStatus.Unavailable);
        }

        while (!_cache.TryTake(from, request.MaxBytes, blocks))
        {
            if (FindSegment(from.Segment) is not { } segment)
            {
                break;
            }

            from = segment.Id.Number == from.Segment ? from : new LogPosition(segment.Id.Number, 0);
            var fetch = Fetch(segment.Id);
            var block = Math.Min(from.Block, fetch.Map.Count);
            var position = block < fetch.Map.Count ? fetch.Map[block].Position : fetch.Map.ReadTo;
            if (position >= segment.Bytes)
            {
                if (segment.Id == Catalog.Open?.Id)
                {
                    break;
                }

                from = new LogPosition(from.Segment + 1, 0);
                continue;
            }

            if (await ExtendAsync(fetch, segment.Bytes, cancellationToken, position) is not { } frames)
            {
                return Answer(ReadStatus.Unavailable);
            }

            Take(frames, segment.Id.Number, block, from.Block, request.MaxBytes, blocks);
            if (blocks.Count > 0)
            {
                break;
            }
        }

        return Answer(ReadStatus.Ok, blocks) with { Next = blocks.Count > 0 ? blocks[^1].Position : request.After };
    }

    private static void Take(
        List<FetchedFrame> frames, long segment, int block, int wanted, int maxBytes, List<LogBlock> blocks)
    {
        var bytes = 0L;
        foreach (var frame in frames)
        {
            if (frame.Header.Kind != FrameKind.Data)
            {
                continue;
            }

            if (block >= wanted && (bytes == 0 || bytes < maxBytes))
            {
                bytes += frame.Payload.Length;
                blocks.Add(new LogBlock(
                    new LogPosition(segment, block), frame.Header.First, frame.Header.Count, frame.Payload));
            }

            block++;
        }
    }

    /// <summary>Reads frames from a position (or from where the map ends) on, and notes them in the map.</summary>
    private static async ValueTask<List<FetchedFrame>?> ExtendAsync(
        SegmentFetch fetch, long end, CancellationToken cancellationToken, long? from = null)
    {
        var position = from ?? fetch.Map.ReadTo;
        var frames = await fetch.FetchAsync(position, end, cancellationToken);
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

    private SegmentSpan? FindSegment(long number)
    {
        foreach (var segment in Catalog.Segments())
        {
            if (segment.Id.Number >= number)
            {
                return segment;
            }
        }

        return null;
    }

    private SegmentFetch Fetch(SegmentId id)
    {
        foreach (var kept in _fetches)
        {
            if (kept.Map.Segment == id)
            {
                return kept;
            }
        }

        var fetch = new SegmentFetch(log, id, stores, options);
        Keep(fetch);
        return fetch;
    }

    private void Keep(SegmentFetch fetch)
    {
        _fetches.AddFirst(fetch);
        while (_fetches.Count > MaxFetches)
        {
            var oldest = _fetches.Last!.Value;
            _fetches.RemoveLast();
            if (oldest.Map == _openMap)
            {
                _fetches.AddFirst(oldest);
            }
        }
    }

    private ReadOutcome Answer(ReadStatus status, List<LogBlock>? blocks = null) => new(status)
    {
        Blocks = blocks ?? [],
        Next = blocks is { Count: > 0 } ? blocks[^1].Position : null,
        First = Catalog.First,
        Committed = Committed,
    };
}
