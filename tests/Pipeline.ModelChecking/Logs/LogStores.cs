using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;

namespace Pipeline.ModelChecking.Logs;

/// <summary>What lies on three stores; each call is one atomic step.</summary>
internal sealed class LogStores
{
    public const int Count = 3;

    private readonly Stored[][] _copies;
    private readonly UInt128[] _prints;

    public LogStores() => (_copies, _prints) = ([[], [], []], new UInt128[Count]);

    private LogStores(LogStores other) => (_copies, _prints) = ([.. other._copies], [.. other._prints]);

    public static StoreId[] Ids { get; } = [.. Enumerable.Range(1, Count).Select(static n => new StoreId((UInt128)n))];

    /// <summary>One fingerprint a store; its own name is not in it.</summary>
    public ReadOnlySpan<UInt128> Prints => _prints;

    public LogStores Clone() => new(this);

    public WorldCopy? Find(StoreId store, SegmentId segment)
    {
        foreach (var stored in _copies[(int)store.Value - 1])
        {
            if (stored.Segment == segment)
            {
                return stored.Copy;
            }
        }

        return null;
    }

    public void Set(StoreId store, SegmentId segment, WorldCopy copy) => Replace(store,
    [
        .. _copies[(int)store.Value - 1].Where(stored => stored.Segment != segment),
        new Stored(segment, copy, copy.Print(segment)),
    ]);

    public StoreReply Create(in LogEffect request)
    {
        if (Find(request.Store, request.Segment) is not null)
        {
            return StoreReply.Conflict;
        }

        Set(request.Store, request.Segment, new WorldCopy());
        return StoreReply.Ok;
    }

    /// <param name="request">The append.</param>
    /// <param name="frames">What it carries.</param>
    /// <param name="creates">The flaw: an append makes the blob where there is none.</param>
    public (StoreReply Status, long Length) Append(in LogEffect request, IEnumerable<WorldFrame> frames, bool creates)
    {
        var copy = Find(request.Store, request.Segment) ?? (creates ? new WorldCopy() : null);
        if (copy is null)
        {
            return (StoreReply.NotFound, 0);
        }

        if (copy.IsSealed)
        {
            return (StoreReply.Sealed, copy.Length);
        }

        if (copy.Length != request.Position)
        {
            return (StoreReply.PositionMismatch, copy.Length);
        }

        copy = copy with { Frames = [.. copy.Frames, .. frames] };
        Set(request.Store, request.Segment, copy);
        return (StoreReply.Ok, copy.Length);
    }

    /// <summary>Seals, unless that is the flaw, then reads.</summary>
    public SegmentCopy SealAndRead(in LogEffect request, bool seals)
    {
        var copy = Find(request.Store, request.Segment);
        if (seals)
        {
            copy = (copy ?? new WorldCopy()) with { IsSealed = true };
            Set(request.Store, request.Segment, copy);
        }

        return (copy ?? new WorldCopy()).Scan();
    }

    public StoreReply Fix(in LogEffect request)
    {
        var frames = (int)(request.Length / WorldFrame.Size);
        var from = (int)(request.Position / WorldFrame.Size);
        if (Find(request.Source, request.Segment)?.Read(frames) is not { } read)
        {
            return StoreReply.Unavailable;
        }

        var copy = Find(request.Store, request.Segment) ?? new WorldCopy();
        if (copy.FixFrom < 0 || copy.FixFrom + copy.Fix.Count < frames)
        {
            Set(request.Store, request.Segment, copy with { FixFrom = from, Fix = [.. read.Skip(from)] });
        }

        return StoreReply.Ok;
    }

    public void Delete(in LogEffect request)
    {
        foreach (var store in Ids)
        {
            var (from, to) = (request.Position, request.Length);
            Replace(store, [.. _copies[(int)store.Value - 1].Where(stored =>
                stored.Segment.Number < from || stored.Segment.Number >= to)]);
        }
    }

    public void Lose(StoreId store) => Replace(store, []);

    /// <summary>The copies that are all there: the first frames of a segment, with this hash.</summary>
    public IEnumerable<IReadOnlyList<WorldFrame>> Whole(ClosedSegment closed) => Ids
        .Select(store => Find(store, closed.Id)?.Read(closed.Frames))
        .OfType<IReadOnlyList<WorldFrame>>()
        .Where(frames => WorldFrame.HashOf(frames) == closed.Hash);

    public IEnumerable<(StoreId Store, SegmentId Segment)> DamageTargets(IReadOnlyList<SegmentId> segments) =>
        from store in Ids
        from segment in segments
        where Find(store, segment) is { Damaged: < 0, Frames.Count: > 1 }
        select (store, segment);

    private void Replace(StoreId store, Stored[] copies)
    {
        // A set: in which order the segments came does not matter.
        UInt128[] prints = [.. copies.Select(static stored => stored.Print).Order()];
        (_copies[(int)store.Value - 1], _prints[(int)store.Value - 1]) = (copies, LogSymmetry.Combine(prints));
    }

    private sealed record Stored(SegmentId Segment, WorldCopy Copy, UInt128 Print);
}
