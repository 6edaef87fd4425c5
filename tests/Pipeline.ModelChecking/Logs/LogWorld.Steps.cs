using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Logs.Inputs;

namespace Pipeline.ModelChecking.Logs;

/// <summary>What carrying out a request does to the stores, the manifest and the owner that sent it.</summary>
internal sealed partial class LogWorld
{
    private void Start(int actor)
    {
        Go(actor, _actors[actor].Start());
        Settle(actor);
    }

    private void Send(int actor)
    {
        var handle = Events(actor)[_sent[actor]++];
        Go(actor, _actors[actor].Append((int)handle + (100 * _sent[actor])));
        Settle(actor);
    }

    private void Trim(int actor, int index)
    {
        Go(actor, _actors[actor].Trim(Trimmable(actor)[index]));
        Settle(actor);
    }

    private void Deliver(int actor, int index, bool isLost)
    {
        _budget.LostAnswers -= isLost ? 1 : 0;
        Answer(actor, index, isLost);
        Settle(actor);
    }

    private void Go(int actor, LogStep step)
    {
        _actors[actor] = step.Actor;
        foreach (var reply in step.Replies)
        {
            if (reply.Reply is LogReply.Appended or LogReply.Duplicate)
            {
                var first = reply.Runs is { Count: > 0 } runs ? runs[0].First : reply.First;
                _violation ??= _acked.Add((ulong)(reply.Slice % 100), first.Value);
            }
        }
    }

    /// <summary>
    /// Carries out at once what nobody else can see or come between: creating a blob of one's own, reading. Then
    /// forgets the requests that can change nothing any more.
    /// </summary>
    private void Settle(int actor)
    {
        while (FindLocal(actor) is >= 0 and var at)
        {
            Answer(actor, at, false);
        }

        for (var i = 0; i < _actors.Length; i++)
        {
            for (var at = _actors[i].Requests.Count - 1; at >= 0; at--)
            {
                if (IsDead(_actors[i], _actors[i].Requests[at]))
                {
                    _actors[i] = _actors[i].Without(at);
                }
            }
        }
    }

    private int FindLocal(int actor)
    {
        var requests = _actors[actor].Requests;
        for (var at = 0; at < requests.Count; at++)
        {
            if (IsLocal(requests[at]))
            {
                return at;
            }
        }

        return -1;
    }

    private bool IsLocal(in LogEffect request) => request.Kind switch
    {
        LogEffectKind.Create => !_options.CreatesLazily && (_options.Flaws & LogFlaws.NameBeforeCreate) == 0,
        LogEffectKind.Load => !_options.IsSpoilt && Loaded(request) is not null,
        LogEffectKind.LoadClosed => !_options.IsSpoilt && _stores.Whole(request.Closed!).Any(),
        LogEffectKind.ReadManifest or LogEffectKind.Delete => true,
        _ => false,
    };

    /// <summary>
    /// Its owner does not listen to the answer (it stopped, or it serves and the request was of its recovery), and
    /// what it asks for is done or impossible, for good: a sealed copy stays sealed, a copy never gets shorter, the
    /// manifest's version never goes back.
    /// </summary>
    private bool IsDead(LogActor actor, in LogEffect request)
    {
        var isOfRecovery = request.Kind is LogEffectKind.SealAndRead or LogEffectKind.Fix;
        if (!_options.IsReduced
            || (actor.Phase != LogPhase.Stopped && !(actor.Phase == LogPhase.Serving && isOfRecovery)))
        {
            return false;
        }

        var copy = request.Store == default ? null : _stores.Find(request.Store, request.Segment);
        return request.Kind switch
        {
            LogEffectKind.Append => copy is not null && (copy.IsSealed || copy.Length > request.Position),
            LogEffectKind.SealAndRead => copy is { IsSealed: true },
            LogEffectKind.Compare or LogEffectKind.Load or LogEffectKind.LoadClosed => true,
            LogEffectKind.ProposeManifest => request.Manifest!.Version <= _manifest.Version,
            _ => false,
        };
    }

    private void Check()
    {
        if (_options.Flaws == LogFlaws.None && _actors.FirstOrDefault(static a => a.Broken is not null) is { } broken)
        {
            _violation ??= $"invariant: {broken.Broken}";
        }

        var spoilt = _options.Damages - _budget.Damages + _options.Losses - _budget.Losses;
        _violation ??= _acked.Check(_manifest, _stores, Quorum - spoilt);
    }

    private void Answer(int i, int at, bool isLost)
    {
        var actor = _actors[i];
        var request = actor.Requests[at];
        var (store, segment) = (request.Store, request.Segment);
        switch (request.Kind)
        {
            case LogEffectKind.ReadManifest:
                var read = _manifest;
                Go(i, actor.Answered(at, _all.Symmetry.Of(read)[0], () => LogInput.ManifestRead(0, read)));
                break;
            case LogEffectKind.ProposeManifest:
                Propose(request.Manifest!);
                var now = isLost ? null : _manifest;
                var print = now is null ? 0 : _all.Symmetry.Of(now)[0];
                Go(i, actor.Answered(at, print, () => LogInput.ManifestProposed(0, now, 0)));
                break;
            case LogEffectKind.Create:
                var created = _stores.Create(request);
                Go(i, actor.Answered(at, (UInt128)(int)created, () => LogInput.Created(0, store, segment, created)));
                break;
            case LogEffectKind.SealAndRead:
                var copy = _stores.SealAndRead(request, (_options.Flaws & LogFlaws.ReadWithoutSeal) == 0);
                Go(i, actor.Answered(
                    at, PrintOf(copy), () => LogInput.Copied(0, store, segment, StoreReply.Ok, copy)));
                break;
            case LogEffectKind.Append:
                Append(i, at, isLost);
                break;
            case LogEffectKind.Compare:
                Compare(i, at);
                break;
            case LogEffectKind.Fix:
                var mended = _stores.Fix(request);
                Go(i, actor.Answered(at, (UInt128)(int)mended, () => LogInput.Fixed(0, store, segment, mended)));
                break;
            case LogEffectKind.Load:
                Load(i, at, Loaded(request));
                break;
            case LogEffectKind.LoadClosed:
                Load(i, at, _stores.Whole(request.Closed!).FirstOrDefault());
                break;
            case LogEffectKind.Delete:
                _stores.Delete(request);
                _actors[i] = actor.Without(at);
                break;
            default:
                throw new InvalidOperationException($"the world knows no {request.Kind}");
        }
    }

    private static UInt128 PrintOf(SegmentCopy copy) => LogSymmetry.Combine(
    [
        (UInt128)(int)copy.Condition, (UInt128)copy.Frames, (UInt128)((copy.End?.Value ?? -1) + 1),
        (UInt128)copy.HighestCommit.Value,
    ]);

    private void Propose(LogManifest manifest)
    {
        if (manifest.Version == _manifest.Version + 1)
        {
            _manifest = manifest;
        }
    }

    private void Append(int i, int at, bool isLost)
    {
        var (actor, request) = (_actors[i], _actors[i].Requests[at]);
        var count = (int)(request.FrameEnd - request.Frame);
        var frames = Enumerable.Range(0, count).Select(n => actor.FrameAt(request.Frame + n)!);
        var creates = (_options.Flaws & LogFlaws.NameBeforeCreate) != 0;
        var (status, length) = _stores.Append(request, frames, creates);
        status = isLost ? StoreReply.Unavailable : status;
        Go(i, actor.Answered(at, (UInt128)(int)status | ((UInt128)length << 8), () => LogInput.Appended(
            0, request.Store, request.Segment, request.FrameEnd, status, length)));
    }

    private void Compare(int i, int at)
    {
        var (actor, request) = (_actors[i], _actors[i].Requests[at]);
        var there = _stores.Find(request.Store, request.Segment)?.Frames ?? [];
        var count = (int)((request.Length - request.Position) / WorldFrame.Size);
        var from = (int)(request.Position / WorldFrame.Size);
        var own = Enumerable.Range(0, count).All(n =>
            from + n < there.Count && there[from + n].Text == actor.FrameAt(request.Frame + n)?.Text);
        var status = own ? StoreReply.Ok : StoreReply.Foreign;
        Go(i, actor.Answered(at, (UInt128)(int)status, () => LogInput.Compared(
            0, request.Store, request.Segment, status, request.Length)));
    }

    private IReadOnlyList<WorldFrame>? Loaded(in LogEffect request) =>
        _stores.Find(request.Store, request.Segment)?.Read((int)(request.Length / WorldFrame.Size));

    private void Load(int i, int at, IReadOnlyList<WorldFrame>? frames)
    {
        var request = _actors[i].Requests[at];
        var print = frames is null ? 0 : LogSymmetry.Combine([.. frames.Select(static frame => frame.Print)]);
        Go(i, _actors[i].Answered(at, print, () => frames is null
            ? LogInput.Loaded(0, request.Store, request.Segment, StoreReply.Unavailable, null, default)
            : LogInput.Loaded(
                0, request.Store, request.Segment, StoreReply.Ok, Replay(frames), WorldFrame.HashOf(frames))));
    }

    private LogReplay Replay(IReadOnlyList<WorldFrame> frames)
    {
        var replay = new LogReplay(_options.Log);
        foreach (var frame in frames)
        {
            frame.ApplyTo(replay);
        }

        return replay;
    }
}
