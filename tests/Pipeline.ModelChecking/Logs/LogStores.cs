using System.Globalization;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;

namespace Pipeline.ModelChecking.Logs;

/// <summary>What lies on three stores; each call is one atomic step.</summary>
internal sealed class LogStores
{
    public const int Count = 3;

    private SortedDictionary<string, WorldCopy> _copies = new(StringComparer.Ordinal);

    public static StoreId[] Ids { get; } = [.. Enumerable.Range(1, Count).Select(static n => new StoreId((UInt128)n))];

    public LogStores Clone() => new() { _copies = new(_copies, StringComparer.Ordinal) };

    public WorldCopy? Find(StoreId store, SegmentId segment) => _copies.GetValueOrDefault(Key(store, segment));

    public void Set(StoreId store, SegmentId segment, WorldCopy copy) => _copies[Key(store, segment)] = copy;

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
        foreach (var key in _copies.Keys.ToList())
        {
            var number = long.Parse(key[(key.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
            if (number >= request.Position && number < request.Length)
            {
                _copies.Remove(key);
            }
        }
    }

    public void Lose(StoreId store)
    {
        foreach (var key in _copies.Keys.Where(key => key.StartsWith($"{store}/", StringComparison.Ordinal)).ToList())
        {
            _copies.Remove(key);
        }
    }

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

    public override string ToString() => string.Join("\n", _copies.Select(static copy => $"{copy.Key} {copy.Value}"));

    private static string Key(StoreId store, SegmentId segment) => $"{store}/{segment}";
}
