using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Inputs;
using Pipeline.Kernel.Logs.Writing;

namespace Pipeline.Kernel.Logs.Taking;

/// <summary>
/// Finds out what the segment left open holds, and makes it durable (replication.md, Takeover, steps 2 to 4).
/// Invariants:
/// <list type="bullet">
/// <item>A copy is read only after it was sealed, on that same store.</item>
/// <item>L is the longest valid prefix among |stores| − Quorum + 1 clean copies: one of them has seen each
/// commit.</item>
/// <item>L is not below any commit offset seen in a valid frame.</item>
/// <item>[first..L] is on a majority of the current members before the manifest calls the segment closed.</item>
/// </list>
/// </summary>
internal sealed class Recovery(LogCore core)
{
    private SortedDictionary<StoreId, CopyState> _copies = [];
    private SortedDictionary<StoreId, CopyState> _fixes = [];
    private CopyState _loading = new();
    private StoreId _source;

    /// <summary>What the segment left open holds; meaningful from Loading on.</summary>
    public SegmentCopy Found { get; private set; }

    public LogReplay? Replay { get; private set; }

    public Hash256 Hash { get; private set; }

    /// <summary>Why it does not go on, for people.</summary>
    public string? Complaint { get; private set; }

    private OpenSegment Open => core.Manifest.Open!;

    public Recovery Copy(LogCore to) => new(to)
    {
        _copies = Duplicate(_copies),
        _fixes = Duplicate(_fixes),
        _loading = _loading.Duplicate(),
        _source = _source,
        Found = Found,
        Replay = Replay?.Copy(),
        Hash = Hash,
        Complaint = Complaint,
    };

    /// <summary>Nothing of it matters once the log is served.</summary>
    public void Encode(ByteWriter to)
    {
        if (core.Phase is LogPhase.Idle or LogPhase.Claiming or LogPhase.Serving or LogPhase.Stopped)
        {
            return;
        }

        foreach (var (store, state) in _copies.Concat(_fixes))
        {
            to.UInt128(store.Value);
            state.Encode(to, core);
        }

        _loading.Encode(to, core);
        to.UInt128(_source.Value);
        to.Int64(Found.Bytes);
        Replay?.Memory.Save(to);
    }

    private static SortedDictionary<StoreId, CopyState> Duplicate(SortedDictionary<StoreId, CopyState> states)
    {
        var duplicate = new SortedDictionary<StoreId, CopyState>();
        foreach (var (store, state) in states)
        {
            duplicate.Add(store, state.Duplicate());
        }

        return duplicate;
    }

    /// <summary>The manifest is claimed: go to the segment it calls open, if any.</summary>
    public void Begin()
    {
        _copies.Clear();
        _fixes.Clear();
        _loading = new CopyState();
        Replay = null;
        Found = default;
        Complaint = null;
        if (core.Manifest.Open is null)
        {
            BeginLoading();
            return;
        }

        core.Phase = LogPhase.Sealing;
        foreach (var store in Open.Stores)
        {
            _copies[store] = new CopyState();
        }
    }

    /// <summary>Sends what is due; goes on to the next phase when it may.</summary>
    public void Advance()
    {
        switch (core.Phase)
        {
            case LogPhase.Sealing:
                AskForCopies();
                break;
            case LogPhase.Loading:
                AskForLoad();
                break;
            case LogPhase.Repairing:
                AskForFixes();
                break;
        }
    }

    public void OnCopied(in LogInput input)
    {
        if (core.Phase is LogPhase.Claiming or LogPhase.Idle || input.Segment != core.Manifest.Open?.Id
            || !_copies.TryGetValue(input.Store, out var copy) || copy.Copy is not null)
        {
            return;
        }

        copy.IsUnderWay = false;
        if (input.Status != StoreReply.Ok)
        {
            copy.IsGone = input.Status == StoreReply.StoreLost;
            copy.RetryAt = core.RetryAt(copy.Attempts++);
            return;
        }

        copy.Copy = input.Copy;
        if (core.Phase == LogPhase.Sealing)
        {
            Decide();
        }
        else
        {
            LogCore.Require(
                input.Copy.HighestCommit <= (Found.End ?? Open.First),
                "nothing committed lies beyond the recovered end");
        }
    }

    public Verdict OnLoaded(in LogInput input)
    {
        if (core.Phase != LogPhase.Loading || !_loading.IsUnderWay)
        {
            return Verdict.Continue;
        }

        _loading.IsUnderWay = false;
        if (input.Status != StoreReply.Ok || input.Replay is null)
        {
            return AgainOrAnew(_loading);
        }

        Replay = input.Replay;
        Hash = input.Hash;
        LogCore.Require(
            Found.Bytes == 0 || (Replay.Bytes == Found.Bytes && Replay.End == Found.End),
            "the second reading of a copy agrees with the first");
        BeginRepairing();
        return Verdict.Continue;
    }

    public Verdict OnFixed(in LogInput input)
    {
        if (core.Phase != LogPhase.Repairing || input.Segment != core.Manifest.Open?.Id
            || !_fixes.TryGetValue(input.Store, out var fix))
        {
            return Verdict.Continue;
        }

        fix.IsUnderWay = false;
        if (input.Status != StoreReply.Ok)
        {
            return AgainOrAnew(fix);
        }

        fix.Copy = Found;
        return Verdict.Continue;
    }

    public long NextTick()
    {
        IEnumerable<CopyState> waiting = core.Phase switch
        {
            LogPhase.Sealing => _copies.Values.Where(IsAsked),
            LogPhase.Loading => [_loading],
            LogPhase.Repairing => _fixes.Values.Where(f => f.Copy is null),
            _ => [],
        };
        return waiting.Where(w => !w.IsUnderWay).Select(w => w.RetryAt).DefaultIfEmpty(long.MaxValue).Min();
    }

    /// <summary>The segment that was open, as the manifest will remember it; null: nothing was in it.</summary>
    public ClosedSegment? Close() => Found.Bytes == 0 ? null : new ClosedSegment
    {
        Id = Open.Id,
        First = Open.First,
        End = Found.End!.Value,
        Bytes = Found.Bytes,
        Frames = Found.Frames,
        FirstTime = Replay!.FirstEventTime,
        LastTime = Replay.LastEventTime,
        Hash = Hash,
        Stores = Open.Stores,
    };

    private void AskForCopies()
    {
        foreach (var (store, copy) in _copies)
        {
            if (IsAsked(copy) && !copy.IsUnderWay && core.Now >= copy.RetryAt)
            {
                copy.IsUnderWay = true;
                core.Emit(new LogEffect(LogEffectKind.SealAndRead) { Store = store, Segment = Open.Id });
            }
        }
    }

    /// <summary>
    /// A store that lost its contents is not asked again, unless it takes them to go on: a disk may come back.
    /// </summary>
    private bool IsAsked(CopyState copy) => copy.Copy is null && (!copy.IsGone || IsShort);

    private bool IsShort => _copies.Values.Count(
        static c => !c.IsGone && c.Copy is not { Condition: SegmentCondition.Damaged }) < Needed;

    private int Needed => Open.Stores.Count - Open.Quorum + 1;

    private void Decide()
    {
        var clean = _copies.Where(c => c.Value.Copy is { } copy
            && (copy.Condition == SegmentCondition.Clean || core.Has(LogFlaws.CountDamaged))).ToList();
        if (clean.Count < Needed)
        {
            var damaged = _copies.Values.Count(c => c.Copy is { Condition: SegmentCondition.Damaged });
            Complaint = $"{clean.Count} of {Needed} clean copies of segment {Open.Id} ({damaged} damaged)";
            return;
        }

        var chosen = core.Has(LogFlaws.CloseAtMinimum)
            ? clean.MinBy(c => c.Value.Copy!.Value.Bytes)
            : clean.MaxBy(c => c.Value.Copy!.Value.Bytes);
        _source = chosen.Key;
        Found = chosen.Value.Copy!.Value;
        var end = Found.End ?? Open.First;
        if (core.Flaws == LogFlaws.None)
        {
            LogCore.Require(
                _copies.Values.All(c => c.Copy is not { } copy || copy.HighestCommit <= end),
                "nothing committed lies beyond the recovered end");
        }

        Complaint = null;
        BeginLoading();
    }

    private void BeginLoading()
    {
        core.Phase = LogPhase.Loading;
        if (Found.Bytes == 0 && core.Manifest.Closed.Count == 0)
        {
            LogCore.Require(core.Manifest.Index is null, "the newest closed segments are in the manifest");
            Replay = new LogReplay(core.Options);
            BeginRepairing();
        }
    }

    private void AskForLoad()
    {
        if (_loading.IsUnderWay || core.Now < _loading.RetryAt)
        {
            return;
        }

        _loading.IsUnderWay = true;
        core.Emit(Found.Bytes > 0
            ? new LogEffect(LogEffectKind.Load)
            {
                Store = _source,
                Segment = Open.Id,
                Length = Found.Bytes,
            }
            : new LogEffect(LogEffectKind.LoadClosed)
            {
                Segment = core.Manifest.Closed[^1].Id,
                Closed = core.Manifest.Closed[^1],
            });
    }

    /// <summary>
    /// Tries again, from another copy if there is one; in the end it looks at all copies anew, as another owner would:
    /// what was found may have gone with the only store that had it, and then it was never committed. Or it was
    /// trimmed by a later owner: then there is nothing to take over any more.
    /// </summary>
    private Verdict AgainOrAnew(CopyState failed)
    {
        failed.RetryAt = core.RetryAt(failed.Attempts++);
        _source = NextSource();
        if (failed.Attempts < core.Options.RecoveryAttempts || core.Manifest.Open is null)
        {
            return Verdict.Continue;
        }

        Begin();
        return Verdict.CheckOwner;
    }

    private StoreId NextSource()
    {
        var holders = Holders().ToList();
        return holders.Count == 0 ? _source : holders[(holders.IndexOf(_source) + 1) % holders.Count];
    }

    private IEnumerable<StoreId> Holders() => _copies
        .Where(c => c.Value.Copy is { Condition: SegmentCondition.Clean } copy && copy.Bytes >= Found.Bytes)
        .Select(c => c.Key);

    private void BeginRepairing()
    {
        core.Phase = LogPhase.Repairing;
        if (IsDurable())
        {
            core.Phase = LogPhase.Closing;
        }
    }

    private bool IsDurable() =>
        Found.Bytes == 0 || core.Has(LogFlaws.SkipRepair)
        || Holders().Concat(_fixes.Where(f => f.Value.Copy is not null).Select(f => f.Key))
            .Count(core.IsMember) >= core.Quorum;

    private void AskForFixes()
    {
        if (IsDurable())
        {
            core.Phase = LogPhase.Closing;
            return;
        }

        foreach (var store in FixTargets())
        {
            if (!_fixes.TryGetValue(store, out var fix))
            {
                _fixes[store] = fix = new CopyState();
            }

            if (fix.Copy is null && !fix.IsUnderWay && core.Now >= fix.RetryAt)
            {
                fix.IsUnderWay = true;
                core.Emit(new LogEffect(LogEffectKind.Fix)
                {
                    Store = store,
                    Source = _source,
                    Segment = Open.Id,
                    Position = HeldBy(store),
                    Length = Found.Bytes,
                });
            }
        }
    }

    /// <summary>Members that lack some of it: those with a clean copy if that will do, else all.</summary>
    private List<StoreId> FixTargets()
    {
        var holders = Holders().Where(core.IsMember).ToHashSet();
        var lacking = core.Members.Where(m => !holders.Contains(m)).ToList();
        var cheap = lacking
            .Where(m => _copies.TryGetValue(m, out var c) && c.Copy is { Condition: SegmentCondition.Clean }).ToList();
        return holders.Count + cheap.Count >= core.Quorum ? cheap : lacking;
    }

    /// <summary>How much of the segment a store's own sealed, clean copy holds.</summary>
    private long HeldBy(StoreId store) =>
        _copies.TryGetValue(store, out var state) && state.Copy is { Condition: SegmentCondition.Clean } copy
            ? Math.Min(copy.Bytes, Found.Bytes)
            : 0;
}
