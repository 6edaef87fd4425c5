using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Logs;

/// <summary>
/// Shipped owners of one log over three stores, the manifest's register an atomic compare-and-swap. Any request may be
/// carried out at any later time, or never: an owner that crashed takes no step, and what it had sent may still arrive.
/// </summary>
internal sealed class LogWorld : IWorld<LogWorld>
{
    private const int Quorum = 2;
    private readonly LogWorldOptions _options;
    private readonly LogActor[] _actors;
    private readonly LogStores _stores;
    private readonly AckedEvents _acked;
    private readonly int[] _sent;
    private LogManifest _manifest = LogManifest.Initial(new LogId(1, 0));
    private (int Damages, int LostAnswers, int Losses, bool Trims) _budget;

    public LogWorld(LogWorldOptions options)
    {
        _options = options;
        _budget = (options.Damages, options.LostAnswers, options.Losses, options.Trims);
        _stores = new LogStores();
        _acked = new AckedEvents();
        _sent = new int[options.Owners];
        _actors = [.. Enumerable.Range(0, options.Owners).Select(number => new LogActor(number, options))];
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
        (_options, _manifest, _budget) = (other._options, other._manifest, other._budget);
        _actors = [.. other._actors];
        _sent = [.. other._sent];
        _stores = other._stores.Clone();
        _acked = other._acked.Clone();
    }

    public string? Violation { get; private set; }

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
        var actors = string.Join(";", _actors.Select(static actor => actor.Fingerprint()));
        return Fingerprints.Of(System.Text.Encoding.UTF8.GetBytes(
            $"{actors}|{_stores}|{_acked}|{string.Join(",", _sent)}|{_budget}|{_manifest.Version}|{_manifest.Owner}"));
    }

    private static string Text(in LogEffect request) => request.Kind == LogEffectKind.ProposeManifest
        ? $"propose manifest {request.Manifest!.Version}, epoch {request.Manifest.Epoch}, "
            + $"closed end {request.Manifest.ClosedEnd}, open {request.Manifest.Open?.Id}"
        : $"{request.Kind} {request.Segment} on store {request.Store.Value} at {request.Position}";

    private void AddActions(List<int> actions, int i)
    {
        var actor = _actors[i];
        if (!actor.HasStarted && (i == 0 || _actors[i - 1].HasStarted))
        {
            actions.Add(new LogAction(LogActionKind.Start, i).Code);
        }

        if (actor.Phase == LogPhase.Serving && _sent[i] < Events(i).Length)
        {
            actions.Add(new LogAction(LogActionKind.Send, i).Code);
        }

        if (i == 0 && _budget.Trims && actor.Phase == LogPhase.Serving && Trimmable(i) is not null)
        {
            actions.Add(new LogAction(LogActionKind.Trim, i).Code);
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

    /// <summary>Whoever trims knows of no more than the owner it asks.</summary>
    private ClosedSegment? Trimmable(int actor) => _actors[actor].Manifest.Closed
        .LastOrDefault(closed => closed.End > _actors[actor].Manifest.First);

    private void Take(LogAction action)
    {
        switch (action.Kind)
        {
            case LogActionKind.Start:
                Own(action.Actor);
                Start(action.Actor);
                break;
            case LogActionKind.Send:
                Send(action.Actor);
                break;
            case LogActionKind.Deliver or LogActionKind.LoseAnswer:
                Own(action.Actor);
                Deliver(action.Actor, action.Index, action.Kind == LogActionKind.LoseAnswer);
                break;
            case LogActionKind.Trim:
                _budget.Trims = false;
                Trim(action.Actor);
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
        while (_actors[0].Requests.FindIndex(static r => r.Kind == LogEffectKind.ProposeManifest) is >= 0 and var at)
        {
            Deliver(0, at, false);
        }

        Start(1);
        DeliverAll(1);
        Send(1);
        DeliverAll(1);
        Trim(1);
        DeliverAll(1);
    }

    private LogActor Own(int actor) => _actors[actor] = _actors[actor].Clone();

    private void Start(int actor)
    {
        _actors[actor].Feed(static () => LogInput.VotersAre(0, LogStores.Ids, Quorum), null);
        _actors[actor].Feed(static () => LogInput.Start(0), null);
        Settle(actor);
    }

    private void Send(int actor)
    {
        var handle = Events(actor)[_sent[actor]++];
        var header = new PartHeader
        {
            Kind = PartKind.Events,
            HandleKind = HandleKind.Key,
            Count = 1,
            Handle = new Hash128(1, handle),
            Body = new Hash128(2, handle),
        };
        Own(actor).Append((int)handle + (100 * _sent[actor]), header);
        Settle(actor);
    }

    private void Trim(int actor)
    {
        var closed = Trimmable(actor)!;
        var (end, kept) = (closed.End, closed.Id.Number + 1);
        Own(actor).Feed(() => LogInput.Trim(0, end, kept, end), null);
        Settle(actor);
    }

    private void Deliver(int actor, int index, bool isLost)
    {
        _budget.LostAnswers -= isLost ? 1 : 0;
        Answer(actor, _actors[actor].Requests[index], isLost);
        Settle(actor);
    }

    /// <summary>
    /// Carries out at once what nobody else can see or come between: creating a blob of one's own, reading. Then takes
    /// the answers to clients, and checks.
    /// </summary>
    private void Settle(int i)
    {
        var actor = _actors[i];
        while (actor.Requests.FindIndex(IsLocal) is >= 0 and var at)
        {
            Answer(i, actor.Requests[at], false);
        }

        foreach (var reply in actor.Replies)
        {
            if (reply.Reply is LogReply.Appended or LogReply.Duplicate)
            {
                var first = reply.Runs is { Count: > 0 } runs ? runs[0].First : reply.First;
                Violation ??= _acked.Add((ulong)(reply.Slice % 100), first.Value);
            }
        }

        actor.Replies.Clear();
        Violation ??= _options.Flaws == LogFlaws.None && actor.Broken is { } broken ? $"invariant: {broken}" : null;
        var spared = _options.Damages - _budget.Damages + _options.Losses - _budget.Losses;
        Violation ??= _acked.Check(_manifest, _stores, Quorum - spared);
    }

    private bool IsLocal(LogEffect request) => request.Kind switch
    {
        LogEffectKind.Create => (_options.Flaws & LogFlaws.NameBeforeCreate) == 0,
        LogEffectKind.ReadManifest or LogEffectKind.Load or LogEffectKind.LoadClosed or LogEffectKind.Delete => true,
        _ => false,
    };

    private void Answer(int i, LogEffect request, bool isLost)
    {
        var actor = _actors[i];
        var (store, segment) = (request.Store, request.Segment);
        switch (request.Kind)
        {
            case LogEffectKind.ReadManifest:
                var read = _manifest;
                actor.Feed(() => LogInput.ManifestRead(0, read), request);
                break;
            case LogEffectKind.ProposeManifest:
                Propose(request.Manifest!);
                var now = isLost ? null : _manifest;
                actor.Feed(() => LogInput.ManifestProposed(0, now, 0), request);
                break;
            case LogEffectKind.Create:
                var created = _stores.Create(request);
                actor.Feed(() => LogInput.Created(0, store, segment, created), request);
                break;
            case LogEffectKind.SealAndRead:
                var copy = _stores.SealAndRead(request, (_options.Flaws & LogFlaws.ReadWithoutSeal) == 0);
                actor.Feed(() => LogInput.Copied(0, store, segment, StoreReply.Ok, copy), request);
                break;
            case LogEffectKind.Append:
                Append(actor, request, isLost);
                break;
            case LogEffectKind.Compare:
                Compare(actor, request);
                break;
            case LogEffectKind.Fix:
                var mended = _stores.Fix(request);
                actor.Feed(() => LogInput.Fixed(0, store, segment, mended), request);
                break;
            case LogEffectKind.Load:
                var frames = (int)(request.Length / WorldFrame.Size);
                Load(actor, request, _stores.Find(store, segment)?.Read(frames));
                break;
            case LogEffectKind.LoadClosed:
                Load(actor, request, _stores.Whole(request.Closed!).FirstOrDefault());
                break;
            case LogEffectKind.Delete:
                _stores.Delete(request);
                actor.Requests.Remove(request);
                break;
            default:
                throw new InvalidOperationException($"the world knows no {request.Kind}");
        }
    }

    private void Propose(LogManifest manifest)
    {
        if (manifest.Version == _manifest.Version + 1)
        {
            _manifest = manifest;
        }
    }

    private void Append(LogActor actor, LogEffect request, bool isLost)
    {
        var count = (int)(request.FrameEnd - request.Frame);
        var frames = Enumerable.Range(0, count).Select(at => actor.FrameAt(request.Frame + at)!);
        var creates = (_options.Flaws & LogFlaws.NameBeforeCreate) != 0;
        var (status, length) = _stores.Append(request, frames, creates);
        status = isLost ? StoreReply.Unavailable : status;
        actor.Feed(
            () => LogInput.Appended(0, request.Store, request.Segment, request.FrameEnd, status, length), request);
    }

    private void Compare(LogActor actor, LogEffect request)
    {
        var there = _stores.Find(request.Store, request.Segment)?.Frames ?? [];
        var count = (int)((request.Length - request.Position) / WorldFrame.Size);
        var at = (int)(request.Position / WorldFrame.Size);
        var own = Enumerable.Range(0, count).All(n =>
            at + n < there.Count && there[at + n].Text == actor.FrameAt(request.Frame + n)?.Text);
        var status = own ? StoreReply.Ok : StoreReply.Foreign;
        actor.Feed(
            () => LogInput.Compared(0, request.Store, request.Segment, status, request.Length), request);
    }

    private void Load(LogActor actor, LogEffect request, IReadOnlyList<WorldFrame>? frames)
    {
        if (frames is null)
        {
            // Nobody has it whole: the partition stays closed until a store with it comes back.
            actor.Requests.Remove(request);
            return;
        }

        var hash = WorldFrame.HashOf(frames);
        actor.Feed(
            () =>
            {
                var replay = new LogReplay(_options.Log.WindowHandles);
                foreach (var frame in frames)
                {
                    frame.ApplyTo(replay);
                }

                return LogInput.Loaded(0, request.Store, request.Segment, StoreReply.Ok, replay, hash);
            },
            request);
    }
}
