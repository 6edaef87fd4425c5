using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Logs.Inputs;
using Pipeline.Kernel.Logs.Owning;
using Pipeline.Kernel.Logs.Writing;

namespace Pipeline.ModelChecking.Logs;

/// <summary>
/// One owner: the shipped machine and a driver that keeps its frames and its requests. A step makes another one, and
/// is remembered.
/// </summary>
internal sealed class LogActor
{
    private static readonly LogId Log = new(1, 0);
    private readonly LogActors _all;
    private readonly int _number;
    private readonly LogMachine _machine;
    private readonly Dictionary<(int Request, UInt128 Answer), LogStep> _steps = [];
    private readonly LogEffects _effects = new();
    private readonly List<LogEffect> _requests;
    private readonly List<LogEffect> _replies = [];
    private readonly List<PartHeader> _parts = [];
    private readonly UInt128?[] _prints;
    private List<(long Sequence, WorldFrame Frame)> _frames;

    private LogActor(LogActors all, int number, LogMachine machine, List<LogEffect> requests)
    {
        (_all, _number, _machine, _requests, _frames) = (all, number, machine, requests, []);
        _prints = new UInt128?[all.Symmetry.Names.Length];
    }

    /// <summary>Requests under way, in the order they were sent.</summary>
    public IReadOnlyList<LogEffect> Requests => _requests;

    /// <summary>The manifest as this owner knows it.</summary>
    public LogManifest Manifest => _machine.Manifest;

    public LogPhase Phase => Broken is null ? _machine.Phase : LogPhase.Stopped;

    /// <summary>An invariant of the machine did not hold, or it raised an alarm: what about.</summary>
    public string? Broken { get; private set; }

    public static LogActor New(LogActors all, int number)
    {
        var machine = new LogMachine(
            Log, new Hash128(7, (ulong)number), all.Options.Log, all.Options.Flaws);
        return all.Intern(new LogActor(all, number, machine, []));
    }

    /// <summary>Its fingerprint under a naming of the stores. One that stopped only has requests under way.</summary>
    public UInt128 Print(int naming) => _prints[naming] ??= _all.Symmetry.Of(
        new
        {
            _number,
            Broken,
            Machine = Phase == LogPhase.Stopped && _all.Options.IsReduced ? null : _machine,
            Requests = _requests,
            Frames = _frames.Select(static frame => (frame.Sequence, frame.Frame.Print)).ToList(),
        },
        !_all.Options.IsReduced
            || Phase is LogPhase.Sealing or LogPhase.Loading or LogPhase.Repairing or LogPhase.Closing,
        naming);

    public WorldFrame? FrameAt(long sequence) =>
        _frames.Where(frame => frame.Sequence == sequence).Select(static frame => frame.Frame).FirstOrDefault();

    public LogStep Start() => After(-1, 0, static () =>
        [LogInput.VotersAre(0, LogStores.Ids, LogWorld.Quorum), LogInput.Start(0)]);

    public LogStep Append(int slice) => After(-2, (UInt128)slice, () =>
        [LogInput.Append(0, slice, 1, LogActors.PartOf(slice), null, long.MaxValue), LogInput.Pump(0, 1)]);

    public LogStep Trim(ClosedSegment last) => After(-3, PrintOf(last), () =>
        [LogInput.Trim(0, last.End, last.Id.Number + 1, last.End)]);

    private static UInt128 PrintOf(ClosedSegment closed) =>
        LogSymmetry.Combine([(UInt128)closed.Id.Epoch.Value, (UInt128)closed.Id.Number, (UInt128)closed.End.Value]);

    /// <summary>A request is answered; <paramref name="answer"/> tells one answer to it from another.</summary>
    public LogStep Answered(int request, UInt128 answer, Func<LogInput> input) =>
        After(request, answer, () => [input()]);

    /// <summary>A request that can change nothing any more is forgotten.</summary>
    public LogActor Without(int request) => After(request, UInt128.MaxValue, static () => []).Actor;

    private LogStep After(int request, UInt128 answer, Func<LogInput[]> inputs)
    {
        if (!_steps.TryGetValue((request, answer), out var step))
        {
            var next = new LogActor(_all, _number, Copy(), [.. _requests])
            {
                _frames = [.. _frames],
                Broken = Broken,
            };
            next.Take(request, inputs());
            _steps[(request, answer)] = step = new LogStep(_all.Intern(next), next._replies);
        }

        return step;
    }

    private LogMachine Copy()
    {
        var copy = _machine.Copy();
        LogCore.Require(
            _all.Options.IsReduced || _all.Symmetry.Of(copy, true, 0) == _all.Symmetry.Of(_machine, true, 0),
            "a copy of a machine is the same machine");
        return copy;
    }

    private void Take(int request, LogInput[] inputs)
    {
        if (request >= 0)
        {
            _requests.RemoveAt(request);
        }

        try
        {
            foreach (var input in Broken is null ? inputs : [])
            {
                Step(input);
            }
        }
        catch (LogInvariantException broken)
        {
            Broken = broken.Message;
            _requests.Clear();
        }

        // Frames of the open segment may be hashed or sent again; others only where a request under way carries them.
        _frames.RemoveAll(frame => (Phase == LogPhase.Stopped || frame.Frame.Header.Segment != Manifest.Open?.Id)
            && !_requests.Exists(r => r.Segment == frame.Frame.Header.Segment && r.Frame <= frame.Sequence
                && frame.Sequence < r.FrameEnd));
    }

    private void Step(in LogInput input)
    {
        _effects.Clear();
        _machine.Step(input, _effects);
        for (var at = 0; at < _effects.Count; at++)
        {
            Take(_effects[at]);
        }

        if (_machine.WantsPump && input.Kind != LogInputKind.Append)
        {
            Step(LogInput.Pump(0, 1));
        }
    }

    private void Take(in LogEffect effect)
    {
        switch (effect.Kind)
        {
            case LogEffectKind.AddPart:
                _parts.Add(LogActors.PartOf(effect.Slice));
                break;
            case LogEffectKind.EncodeFrame:
                EncodeFrame(effect);
                _machine.Step(LogInput.Encoded(0, WorldFrame.Size), _effects);
                break;
            case LogEffectKind.Hash:
                var count = (int)(effect.Length / WorldFrame.Size);
                var segment = effect.Segment;
                var frames = _frames.Select(static frame => frame.Frame)
                    .Where(frame => frame.Header.Segment == segment).Take(count);
                _machine.Step(LogInput.Hashed(0, effect.Segment, WorldFrame.HashOf(frames)), _effects);
                break;
            case LogEffectKind.Reply:
                _replies.Add(effect);
                break;
            case LogEffectKind.Alarm:
                Broken = effect.Detail;
                break;
            case LogEffectKind.Committed or LogEffectKind.Release or LogEffectKind.Opened or LogEffectKind.Dropped
                or LogEffectKind.Fenced or LogEffectKind.DeleteIndex or LogEffectKind.Stopped:
                break;
            default:
                _requests.Add(effect);
                break;
        }
    }

    private void EncodeFrame(in LogEffect effect)
    {
        byte[] state = [];
        if (effect.FrameKind == FrameKind.State)
        {
            var to = new ByteWriter();
            _machine.SaveState(to);
            state = to.Written.ToArray();
        }

        var header = new FrameHeader
        {
            Kind = effect.FrameKind,
            Log = Log,
            Segment = effect.Segment,
            First = effect.First,
            Count = effect.Count,
            Commit = effect.Commit,
            Time = effect.Time,
        };
        _frames.Add((effect.Frame, new WorldFrame(header, [.. _parts], state)));
        _parts.Clear();
    }
}
