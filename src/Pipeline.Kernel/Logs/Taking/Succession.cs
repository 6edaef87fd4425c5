using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Inputs;
using Pipeline.Kernel.Logs.Writing;

namespace Pipeline.Kernel.Logs.Taking;

/// <summary>
/// The next segment: created on stores, then named by the manifest in one change with the closing of the one before.
/// Invariant: its blob exists on a majority before the manifest names it; an append never creates.
/// </summary>
internal sealed class Succession(LogCore core, Proposals proposals)
{
    private SortedDictionary<StoreId, Creation> _creations = [];
    private ClosedSegment? _closing;
    private LogOffset _first;
    private StoreId[] _stores = [];
    private SegmentIndexLink? _index;
    private int _indexed;
    private bool _isIndexing;
    private bool _isIndexed;
    private bool _isWanted;
    private long _startedAt = long.MaxValue;

    public Succession Copy(LogCore to, Proposals ownProposals) => new(to, ownProposals)
    {
        _creations = new(_creations),
        _closing = _closing,
        _first = _first,
        _stores = _stores,
        _index = _index,
        _indexed = _indexed,
        _isIndexing = _isIndexing,
        _isIndexed = _isIndexed,
        _isWanted = _isWanted,
        _startedAt = _startedAt,
        Id = Id,
        IsClosing = IsClosing,
    };

    public void Encode(ByteWriter to)
    {
        to.Int64(Id?.Epoch.Value ?? -1);
        to.Int64(Id?.Number ?? -1);
        to.Bool(IsClosing);
        to.Bool(_isIndexing);
        to.Bool(_isIndexed);
        to.Bool(_isWanted);
        to.Int64(IsClosing ? _first.Value : -1);
        foreach (var store in IsClosing ? _stores : [])
        {
            to.UInt128(store.Value);
        }

        foreach (var (store, creation) in _creations)
        {
            to.UInt128(store.Value);
            to.Bool(creation.IsCreated);
            to.Bool(creation.IsUnderWay);
            core.EncodeTime(to, creation.RetryAt);
        }

        core.EncodeTime(to, _startedAt);
    }

    /// <summary>The segment being prepared; null: none.</summary>
    public SegmentId? Id { get; private set; }

    /// <summary>A closing is under way: nothing may be appended to the segment before.</summary>
    public bool IsClosing { get; private set; }

    public IEnumerable<StoreId> Created =>
        _creations.Where(c => c.Value.IsCreated && core.IsMember(c.Key)).Select(c => c.Key);

    /// <summary>On a majority, and the others have answered or have had their time.</summary>
    public bool IsReady
    {
        get
        {
            var created = Created.Count();
            return core.Has(LogFlaws.NameBeforeCreate)
                || (created >= core.Quorum
                    && (_creations.Values.All(c => !c.IsUnderWay)
                        || core.Now >= _startedAt + core.Options.CreateGraceTicks));
        }
    }

    public bool IsCreatedOn(StoreId store) => _creations.TryGetValue(store, out var creation) && creation.IsCreated;

    /// <summary>Creates the segment's blob on all members.</summary>
    public void Prepare(SegmentId id)
    {
        Begin(id);
        _isWanted = true;
        foreach (var store in core.Members)
        {
            Request(store);
        }
    }

    /// <summary>Creates the segment's blob on one store: whether it can is how a store is known to be well.</summary>
    public void PrepareOn(SegmentId id, StoreId store)
    {
        Begin(id);
        Request(store);
    }

    private void Begin(SegmentId id)
    {
        if (Id != id)
        {
            Id = id;
            _creations.Clear();
            _isWanted = false;
            _startedAt = core.Now;
        }
    }

    private void Request(StoreId store)
    {
        _creations.TryGetValue(store, out var creation);
        if (creation.IsCreated || creation.IsUnderWay || core.Now < creation.RetryAt)
        {
            return;
        }

        _creations[store] = creation with { IsUnderWay = true };
        core.Emit(new LogEffect(LogEffectKind.Create) { Store = store, Segment = Id!.Value });
    }

    /// <summary>The store has left the open segment: it must show again that it is well.</summary>
    public void Forget(StoreId store) => _creations.Remove(store);

    public void OnCreated(in LogInput input)
    {
        if (Id != input.Segment || !_creations.TryGetValue(input.Store, out var creation))
        {
            return;
        }

        // A blob of this name can only be this owner's: the epoch is its own.
        _creations[input.Store] = input.Status is StoreReply.Ok or StoreReply.Conflict
            ? creation with { IsCreated = true, IsUnderWay = false }
            : new Creation(false, false, core.RetryAt(creation.Attempts), creation.Attempts + 1);
    }

    /// <summary>
    /// Closes <paramref name="closed"/> (null: there was nothing in it) and opens the prepared segment.
    /// </summary>
    public void Close(ClosedSegment? closed, LogOffset first)
    {
        LogCore.Require(closed is null || closed.End == first, "a segment begins where the one before it ends");
        LogCore.Require(
            Created.Count() >= core.Quorum || core.Has(LogFlaws.NameBeforeCreate),
            "a segment exists on a majority before it is named");
        IsClosing = true;
        _closing = closed;
        _first = first;
        _stores = [.. core.Has(LogFlaws.NameBeforeCreate) ? core.Members : Created];
        _isIndexed = false;
        Advance();
    }

    /// <summary>Goes on with a closing once no other change of the manifest is under way.</summary>
    public void Advance()
    {
        if (!IsClosing || !proposals.IsIdle || _isIndexing)
        {
            return;
        }

        if (!_isIndexed)
        {
            _index = core.Manifest.Index;
            _indexed = 0;
            _isIndexed = core.Manifest.Closed.Count + 1 <= core.Options.MaxClosedSegments;
            if (!_isIndexed)
            {
                StoreIndex();
                return;
            }
        }

        Propose();
    }

    public void OnIndexed(Hash256 hash)
    {
        if (_isIndexing && _index?.Hash == hash)
        {
            _isIndexing = false;
            _isIndexed = true;
        }
    }

    /// <summary>The manifest names the prepared segment: it is the open one.</summary>
    public void OnOpened()
    {
        IsClosing = false;
        Id = null;
        _creations.Clear();
        _startedAt = long.MaxValue;
    }

    public void Reset()
    {
        OnOpened();
        _isIndexing = false;
    }

    /// <summary>When to ask a store again, or to go on without it; only while somebody waits for the segment.</summary>
    public long NextTick()
    {
        if (Id is null || IsClosing || !_isWanted)
        {
            return long.MaxValue;
        }

        var next = core.Now < _startedAt + core.Options.CreateGraceTicks
            ? _startedAt + core.Options.CreateGraceTicks
            : long.MaxValue;
        foreach (var (store, creation) in _creations)
        {
            if (!creation.IsCreated && !creation.IsUnderWay && core.IsMember(store))
            {
                next = Math.Min(next, creation.RetryAt);
            }
        }

        return next;
    }

    private void StoreIndex()
    {
        _isIndexing = true;
        _indexed = (core.Manifest.Closed.Count / 2) + 1;
        var moved = core.Manifest.Closed.Take(_indexed).ToList();
        var index = new SegmentIndex(core.Manifest.Index, moved);
        var blob = LogManifestCodec.Encode(index);
        _index = new SegmentIndexLink(
            Hash256.Of(blob),
            moved.Count + (core.Manifest.Index?.Segments ?? 0),
            moved.Sum(s => s.Bytes) + (core.Manifest.Index?.Bytes ?? 0));
        core.Emit(new LogEffect(LogEffectKind.StoreIndex) { Index = index, IndexLink = _index });
    }

    private void Propose()
    {
        var closed = core.Manifest.Closed.Skip(_indexed);
        proposals.Begin(ProposalPurpose.Open, core.Manifest with
        {
            Version = core.Manifest.Version + 1,
            IsRecovering = false,
            Closed = [.. _closing is null ? closed : closed.Append(_closing)],
            Index = _index,
            Open = new OpenSegment(Id!.Value, _first, core.Quorum, _stores),
            NextNumber = Id.Value.Number + 1,
        });
    }

    private readonly record struct Creation(bool IsCreated, bool IsUnderWay, long RetryAt, int Attempts);
}
