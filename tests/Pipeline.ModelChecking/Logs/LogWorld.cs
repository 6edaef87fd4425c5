using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Logs;

/// <summary>
/// Shipped owners of one log over three stores, the manifest's register an atomic compare-and-swap. Any request may be
/// carried out at any later time, or never: an owner that crashed takes no step, and what it had sent may still arrive.
/// </summary>
internal sealed partial class LogWorld : IWorld<LogWorld>
{
    public const int Quorum = 2;
    private readonly LogWorldOptions _options;
    private readonly LogActors _all;
    private readonly LogActor[] _actors;
    private readonly LogStores _stores;
    private readonly AckedEvents _acked;
    private readonly int[] _sent;
    private LogManifest _manifest = LogManifest.Initial(new LogId(1, 0));
    private (int Damages, int LostAnswers, int Losses, int Trims) _budget;
    private bool _isChecked;
    private string? _violation;

    public LogWorld(LogWorldOptions options)
    {
        _options = options;
        _budget = (options.Damages, options.LostAnswers, options.Losses, options.Trims);
        _stores = new LogStores();
        _acked = new AckedEvents();
        _sent = new int[options.Owners];
        _all = new LogActors(options);
        _actors = [.. Enumerable.Range(0, options.Owners).Select(number => LogActor.New(_all, number))];
        Start(0);
        if (options.HasZombie)
        {
            LeaveBehind();
            return;
        }

        // The first owner serves when the search begins, its segment's first frame on all stores.
        DeliverAll(0);
        for (var stores = options.Delivered ?? -1; stores >= 0; stores--)
        {
            if (stores == options.Delivered)
            {
                Send(0);
            }
            else
            {
                Deliver(0, 0, false);
            }
        }
    }

    private LogWorld(LogWorld other)
    {
        (_options, _all, _manifest, _budget) = (other._options, other._all, other._manifest, other._budget);
        _actors = [.. other._actors];
        _sent = [.. other._sent];
        _stores = other._stores.Clone();
        _acked = other._acked.Clone();
    }

    public string? Violation
    {
        get
        {
            if (!_isChecked)
            {
                _isChecked = true;
                Check();
            }

            return _violation;
        }
    }

    public LogPhase PhaseOf(int actor) => _actors[actor].Phase;

    public void AddActions(List<int> actions)
    {
        for (var i = 0; i < _actors.Length; i++)
        {
            AddActions(actions, i);
        }

        var targets = _stores.DamageTargets(Segments()).Count();
        for (var i = 0; i < targets && _budget.Damages > 0; i++)
        {
            actions.Add(new LogAction(LogActionKind.Damage, 0, i).Code);
        }

        for (var i = 0; i < LogStores.Count && _budget.Losses > 0; i++)
        {
            actions.Add(new LogAction(LogActionKind.Lose, 0, i).Code);
        }
    }

    public LogWorld After(int code)
    {
        var next = new LogWorld(this);
        next.Take(LogAction.Of(code));
        return next;
    }

    public string Describe(int code)
    {
        var action = LogAction.Of(code);
        var what = action.Kind is LogActionKind.Deliver or LogActionKind.LoseAnswer
            ? Text(_actors[action.Actor].Requests[action.Index])
            : $"{action.Index}";
        return $"owner {action.Actor + 1} ({_actors[action.Actor].Phase}): {action.Kind} {what}";
    }

    public UInt128 Fingerprint()
    {
        var least = UInt128.MaxValue;
        for (var naming = 0; naming < _all.Symmetry.Names.Length; naming++)
        {
            least = UInt128.Min(least, Fingerprint(naming));
        }

        return least;
    }

    /// <summary>
    /// What does not lie in an owner: the copies, the manifest and what clients were told, whatever the stores' names.
    /// </summary>
    public UInt128 Outside(LogSymmetry symmetry)
    {
        var least = UInt128.MaxValue;
        Span<UInt128> prints = stackalloc UInt128[LogStores.Count + 2];
        for (var naming = 0; naming < symmetry.Names.Length; naming++)
        {
            for (var store = 0; store < LogStores.Count; store++)
            {
                prints[symmetry.Names[naming][store]] = _stores.Prints[store];
            }

            prints[LogStores.Count] = symmetry.Of(_manifest)[naming];
            prints[LogStores.Count + 1] = _acked.Print;
            least = UInt128.Min(least, LogSymmetry.Combine(prints));
        }

        return least;
    }

    private UInt128 Fingerprint(int naming)
    {
        Span<UInt128> prints = stackalloc UInt128[LogStores.Count + 3 + _actors.Length];
        for (var store = 0; store < LogStores.Count; store++)
        {
            prints[_all.Symmetry.Names[naming][store]] = _stores.Prints[store];
        }

        prints[LogStores.Count] = _all.Symmetry.Of(_manifest)[naming];
        prints[LogStores.Count + 1] = _acked.Print;
        prints[LogStores.Count + 2] = (UInt128)(uint)_budget.Damages | ((UInt128)(uint)_budget.LostAnswers << 8)
            | ((UInt128)(uint)_budget.Losses << 16) | ((UInt128)(uint)_budget.Trims << 24);
        for (var i = 0; i < _actors.Length; i++)
        {
            prints[LogStores.Count + 2] |= (UInt128)(uint)_sent[i] << (32 + (8 * i));
            prints[LogStores.Count + 3 + i] = _actors[i].Print(naming);
        }

        return LogSymmetry.Combine(prints);
    }

    private static string Text(in LogEffect request) => request.Kind == LogEffectKind.ProposeManifest
        ? $"propose manifest {request.Manifest!.Version}, epoch {request.Manifest.Epoch}, "
            + $"closed end {request.Manifest.ClosedEnd}, open {request.Manifest.Open?.Id}"
        : $"{request.Kind} {request.Segment} on store {request.Store.Value} at {request.Position}";

    private void AddActions(List<int> actions, int i)
    {
        var actor = _actors[i];
        if (actor.Phase == LogPhase.Idle && (i == 0 || _actors[i - 1].Phase != LogPhase.Idle))
        {
            actions.Add(new LogAction(LogActionKind.Start, i).Code);
        }

        if (actor.Phase == LogPhase.Serving && _sent[i] < Events(i).Length)
        {
            actions.Add(new LogAction(LogActionKind.Send, i).Code);
        }

        for (var at = 0; _budget.Trims > 0 && at < Trimmable(i).Count; at++)
        {
            actions.Add(new LogAction(LogActionKind.Trim, i, at).Code);
        }

        for (var request = 0; request < actor.Requests.Count; request++)
        {
            actions.Add(new LogAction(LogActionKind.Deliver, i, request).Code);
            if (_budget.LostAnswers > 0
                && actor.Requests[request].Kind is LogEffectKind.Append or LogEffectKind.ProposeManifest)
            {
                actions.Add(new LogAction(LogActionKind.LoseAnswer, i, request).Code);
            }
        }
    }

    private ulong[] Events(int actor) => actor == 0 ? _options.Events : _options.LaterEvents;

    private List<SegmentId> Segments() =>
    [
        .. _manifest.Closed.Select(static closed => closed.Id),
        .. _manifest.Open is { } open ? [open.Id] : Array.Empty<SegmentId>(),
    ];

    /// <summary>
    /// What an owner may be asked to trim. Whoever asks knows of any manifest until now: an owner that does not know
    /// its successor is asked to trim what that one has committed.
    /// </summary>
    private List<ClosedSegment> Trimmable(int actor) => _actors[actor].Phase != LogPhase.Serving ? [] :
    [
        .. _actors[actor].Manifest.Closed.Concat(_manifest.Closed).DistinctBy(static closed => closed.Id)
            .Where(closed => closed.End > _actors[actor].Manifest.First),
    ];

    private void Take(LogAction action)
    {
        switch (action.Kind)
        {
            case LogActionKind.Start:
                Start(action.Actor);
                break;
            case LogActionKind.Send:
                Send(action.Actor);
                break;
            case LogActionKind.Deliver or LogActionKind.LoseAnswer:
                Deliver(action.Actor, action.Index, action.Kind == LogActionKind.LoseAnswer);
                break;
            case LogActionKind.Trim:
                _budget.Trims--;
                Trim(action.Actor, action.Index);
                break;
            case LogActionKind.Damage:
                _budget.Damages--;
                var (store, segment) = _stores.DamageTargets(Segments()).ElementAt(action.Index);
                var copy = _stores.Find(store, segment)!;
                _stores.Set(store, segment, copy with { Damaged = copy.Frames.Count - 1 });
                break;
            case LogActionKind.Lose:
                _budget.Losses--;
                _stores.Lose(LogStores.Ids[action.Index]);
                break;
        }
    }

    private void DeliverAll(int actor)
    {
        while (_actors[actor].Requests.Count > 0)
        {
            Deliver(actor, 0, false);
        }
    }

    private void LeaveBehind()
    {
        while (Find(0, LogEffectKind.ProposeManifest) is >= 0 and var at)
        {
            Deliver(0, at, false);
        }

        Start(1);
        DeliverAll(1);
        Send(1);
        DeliverAll(1);
        Trim(1, Trimmable(1).Count - 1);
        DeliverAll(1);
    }

    private int Find(int actor, params ReadOnlySpan<LogEffectKind> kinds)
    {
        for (var at = 0; at < _actors[actor].Requests.Count; at++)
        {
            if (kinds.Contains(_actors[actor].Requests[at].Kind))
            {
                return at;
            }
        }

        return -1;
    }
}
