using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Logs;

/// <summary>
/// One owner: the shipped machine and a driver that keeps its frames and its requests. It never forgets an input, so a
/// copy of it is made by giving them all to a new machine.
/// </summary>
internal sealed class LogActor
{
    private static readonly LogId Log = new(1, 0);
    private readonly int _number;
    private readonly LogWorldOptions _options;
    private readonly LogMachine _machine;
    private readonly LogEffects _effects = new();
    private readonly List<(Func<LogInput> Input, LogEffect? Answered)> _history = [];
    private readonly SortedDictionary<long, WorldFrame> _frames = [];
    private readonly Dictionary<int, PartHeader> _slices = [];
    private readonly List<PartHeader> _parts = [];
    private UInt128? _fingerprint;

    public LogActor(int number, LogWorldOptions options)
    {
        (_number, _options) = (number, options);
        _machine = new LogMachine(Log, new Hash128(7, (ulong)number), options.Log, options.Flaws);
    }

    /// <summary>Requests under way, in the order they were sent.</summary>
    public List<LogEffect> Requests { get; } = [];

    /// <summary>Answers to appends since the last call that took them.</summary>
    public List<LogEffect> Replies { get; } = [];

    /// <summary>The manifest as this owner knows it.</summary>
    public LogManifest Manifest => _machine.Manifest;

    public LogPhase Phase => _machine.Phase;

    public bool HasStarted => _history.Count > 0;

    /// <summary>An invariant of the machine did not hold.</summary>
    public string? Broken { get; private set; }

    public LogActor Clone()
    {
        var copy = new LogActor(_number, _options);
        foreach (var (slice, header) in _slices)
        {
            copy._slices.Add(slice, header);
        }

        foreach (var (input, answered) in _history)
        {
            copy.Feed(input, answered);
        }

        copy.Replies.Clear();
        return copy;
    }

    public UInt128 Fingerprint()
    {
        if (_fingerprint is null)
        {
            var machine = new GraphEncoder(typeof(LogEffects), typeof(LogOptions)).Fingerprint(_machine);
            var requests = string.Join(";", Requests.Select(static request =>
                $"{request.Kind} {request.Store} {request.Segment} {request.Position} {request.Length} "
                + $"{request.FrameEnd} {request.Manifest?.Version}"));
            _fingerprint = Fingerprints.Of(System.Text.Encoding.UTF8.GetBytes($"{machine} {requests} {Broken}"));
        }

        return _fingerprint.Value;
    }

    public WorldFrame? FrameAt(long sequence) => _frames.GetValueOrDefault(sequence);

    public void Append(int slice, in PartHeader header)
    {
        _slices[slice] = header;
        var copy = header;
        Feed(() => LogInput.Append(0, slice, 1, copy, null, long.MaxValue), null);
        Feed(static () => LogInput.Pump(0, 1), null);
    }

    /// <summary>Gives the machine an input, which answers <paramref name="answered"/>.</summary>
    public void Feed(Func<LogInput> input, LogEffect? answered)
    {
        _history.Add((input, answered));
        if (answered is { } request)
        {
            Requests.Remove(request);
        }

        if (Broken is not null)
        {
            return;
        }

        try
        {
            Step(input());
        }
        catch (LogInvariantException broken)
        {
            Broken = broken.Message;
            Requests.Clear();
        }
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
                _parts.Add(_slices[effect.Slice]);
                break;
            case LogEffectKind.EncodeFrame:
                EncodeFrame(effect);
                _machine.Step(LogInput.Encoded(0, WorldFrame.Size), _effects);
                break;
            case LogEffectKind.Hash:
                var count = (int)(effect.Length / WorldFrame.Size);
                var segment = effect.Segment;
                var frames = _frames.Values.Where(frame => frame.Header.Segment == segment).Take(count);
                _machine.Step(LogInput.Hashed(0, effect.Segment, WorldFrame.HashOf(frames)), _effects);
                break;
            case LogEffectKind.Reply:
                Replies.Add(effect);
                break;
            case LogEffectKind.Committed or LogEffectKind.Release or LogEffectKind.Opened or LogEffectKind.Dropped
                or LogEffectKind.Fenced or LogEffectKind.Alarm or LogEffectKind.DeleteIndex or LogEffectKind.Stopped:
                break;
            default:
                Requests.Add(effect);
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
        _frames[effect.Frame] = new WorldFrame(header, [.. _parts], state);
        _parts.Clear();
    }
}
