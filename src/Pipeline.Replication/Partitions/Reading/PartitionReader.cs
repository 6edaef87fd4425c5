using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Partitions.Frames;
using Pipeline.Replication.Partitions.Segments;
using Pipeline.Replication.Quorums;

namespace Pipeline.Replication.Partitions.Reading;

/// <summary>
/// Reads committed blocks: the newest from memory, others from a store. All on the partition's loop.
/// </summary>
internal sealed class PartitionReader
{
    private readonly TimeProvider _time;
    private readonly BlockCache _cache;
    private readonly CommitWaiters _waiters;
    private readonly SegmentReader _segments;
    private readonly Dictionary<SegmentId, BlockMap> _learned = [];
    private bool _isStopped;

    public PartitionReader(LogId log, IStoreSet stores, PartitionOptions options, TimeProvider time)
    {
        (_time, _cache, _waiters) = (time, new BlockCache(options.CacheBytes), new CommitWaiters(time));
        Catalog = new SegmentCatalog(log, stores);
        _segments = new SegmentReader(log, Catalog, stores, options, time);
    }

    public SegmentCatalog Catalog { get; }

    public LogOffset Committed { get; private set; }

    /// <summary>A takeover has read a segment: nobody need look for its blocks again.</summary>
    public void Learn(BlockMap? map)
    {
        if (map is not null)
        {
            _learned[map.Segment] = map;
        }
    }

    public void Open(LogManifest manifest)
    {
        Catalog.Change(manifest);
        _segments.Keep(_learned.Values.Where(map =>
            manifest.Closed.Any(closed => closed.Id == map.Segment && closed.Bytes == map.ReadTo)));
        _learned.Clear();
        var open = manifest.Open!;
        _segments.Open(open.Id);
        Catalog.Open = new SegmentSpan(open.Id, open.First, open.First, 0, 0);
        Committed = open.First;
        _waiters.WakeAll();
    }

    /// <summary>A frame of the open segment is committed.</summary>
    public void Add(FrameBuffer frame)
    {
        var header = frame.Header;
        if (_segments.OpenMap is not { } map || header.Segment != map.Segment)
        {
            return;
        }

        if (header.Kind == FrameKind.Data)
        {
            _cache.Add(new LogPosition(header.Segment.Number, map.Count), frame);
        }

        map.Add(header);
        Committed = header.End;
        Catalog.Open = Catalog.Open!.Value with
        {
            End = header.End,
            Bytes = map.ReadTo,
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
        var started = _time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var outcome = await ReadOnceAsync(request, cancellationToken);
            var left = request.Wait - _time.GetElapsedTime(started);
            if (outcome.Status != ReadStatus.Ok || outcome.Blocks.Count > 0 || left <= TimeSpan.Zero)
            {
                return outcome;
            }

            await _waiters.WaitAsync(left, cancellationToken);
        }
    }

    /// <summary>The first committed offset whose acceptance time is not before <paramref name="ticks"/>.</summary>
    public async ValueTask<LogOffset> FindAsync(long ticks, CancellationToken cancellationToken) =>
        await _segments.FindTimeAsync(ticks, cancellationToken) ?? Committed;

    private async ValueTask<ReadOutcome> ReadOnceAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        if (_isStopped || _segments.OpenMap is null)
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

        if (request.LeavesClosed && request.From < Catalog.Open!.Value.First)
        {
            return Answer(ReadStatus.Closed);
        }

        return await _segments.LocateAsync(request.From, cancellationToken) is { } start
            ? await GatherAsync(start, request, blocks, cancellationToken)
            : Answer(ReadStatus.Unavailable);
    }

    private async ValueTask<ReadOutcome> GatherAsync(
        LogPosition from, ReadRequest request, List<LogBlock> blocks, CancellationToken cancellationToken)
    {
        while (blocks.Count == 0 && !_cache.TryTake(from, request.MaxBytes, blocks))
        {
            // Both may change while a store is read.
            if (!await Catalog.LoadAsync(cancellationToken))
            {
                return Answer(ReadStatus.Unavailable);
            }

            if (from.Segment < Catalog.Manifest.FirstNumber)
            {
                // What is gone may all have been read.
                return request.From < Catalog.First || request.After is null
                    ? Answer(ReadStatus.Trimmed)
                    : await ReadOnceAsync(request with { After = null }, cancellationToken);
            }

            if (_segments.Seek(from) is not { } place)
            {
                break;
            }

            if (place.Position != from)
            {
                from = place.Position;
                continue;
            }

            if (request.LeavesClosed && IsForOthers(place))
            {
                return Answer(ReadStatus.Closed);
            }

            if (!await _segments.ReadAsync(place, request.MaxBytes, blocks, cancellationToken))
            {
                return Answer(ReadStatus.Unavailable);
            }
        }

        return Answer(ReadStatus.Ok, blocks) with { Next = blocks.Count > 0 ? blocks[^1].Position : request.After };
    }

    /// <summary>
    /// A closed segment, and another reader finds its block as soon as this one: at its start, or where this one would
    /// look for it from there. Within a segment that was open here, only this one knows where a block begins.
    /// </summary>
    private bool IsForOthers(in SegmentPlace place) =>
        place.Segment.Id != Catalog.Open?.Id && (place.Wanted == 0 || place.Block < place.Wanted);

    private ReadOutcome Answer(ReadStatus status, List<LogBlock>? blocks = null) => new(status)
    {
        Blocks = blocks ?? [],
        Next = blocks is { Count: > 0 } ? blocks[^1].Position : null,
        First = Catalog.First,
        Committed = Committed,
    };
}
