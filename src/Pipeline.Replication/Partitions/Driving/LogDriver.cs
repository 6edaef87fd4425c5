using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Logs.Inputs;
using Pipeline.Kernel.Logs.Owning;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions.Frames;
using Pipeline.Replication.Partitions.Reading;
using Pipeline.Replication.Partitions.Segments;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Registers;

namespace Pipeline.Replication.Partitions.Driving;

/// <summary>
/// Feeds a log's machine and carries out its effects, in order. Everything runs on the partition's loop. What arrives
/// while effects are carried out waits for its turn, so that no input sees half a step. An exception that nobody
/// expected ends it for good.
/// </summary>
internal sealed class LogDriver
{
    private readonly LogMachine _machine;
    private readonly LogEffects _effects = new();
    private readonly Queue<LogInput> _waiting = new();
    private readonly IStoreSet _stores;
    private readonly ILoop _loop;
    private readonly ILogOwner _owner;
    private readonly StoreEffects _onStores;
    private readonly ManifestRegister _register;
    private readonly FrameEncoder _encoder;
    private readonly FrameTable _frames = new();
    private readonly FrameHash _hash;
    private readonly BlockPacing _pacing;
    private IReadOnlyList<StoreMember>? _members;
    private LogClock? _clock;
    private long _committedFrame;
    private bool _isFeeding;
    private bool _hasFailed;

    public LogDriver(
        LogId log, IStoreSet stores, IRegisters registers, ILoop loop, Random draw, PartitionOptions options,
        ILogOwner owner)
    {
        (_stores, _loop, _owner) = (stores, loop, owner);
        Span<byte> name = stackalloc byte[Hash128.Size];
        draw.NextBytes(name);
        _machine = new LogMachine(log, Hash128.Read(name), options.Log);
        _register = new ManifestRegister(log, registers);
        _onStores = new StoreEffects(this, _machine, stores, _register, _frames, loop, draw, options);
        _encoder = new FrameEncoder(log);
        _hash = new FrameHash(loop, options.Background, Fail);
        _pacing = new BlockPacing(loop, options.Gather, Pump);
        Reader = new PartitionReader(log, stores, options, loop.Time);
    }

    public PartitionReader Reader { get; }

    public LogMachine Machine => _machine;

    /// <summary>An exception ended it.</summary>
    public bool HasFailed => _hasFailed;

    public long Now => _clock?.Now ?? 0;

    public void Start()
    {
        Guard(
            () =>
            {
                _clock = new LogClock(_loop.Time, OnTick);
                FollowMembers();
            });
        Feed(LogInput.Start(Now));
    }

    /// <summary>Takes one input; never throws.</summary>
    public void Feed(in LogInput input)
    {
        if (_hasFailed)
        {
            return;
        }

        if (_isFeeding)
        {
            _waiting.Enqueue(input);
            return;
        }

        _isFeeding = true;
        try
        {
            Step(input);
            while (_waiting.TryDequeue(out var next))
            {
                Step(next);
            }

            _isFeeding = false;
            if (!_hasFailed)
            {
                AfterSteps(input.Kind);
            }
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
    }

    /// <summary>Asks and tells the machine what is no input; never throws. Null: it has failed.</summary>
    public LogReply? Reserve(in PartHeader request, out long expected)
    {
        expected = 0;
        try
        {
            return _hasFailed ? null : _machine.Reserve(request, out expected);
        }
        catch (Exception fault)
        {
            Fail(fault);
            return null;
        }
    }

    public void Release(PartHeader request) => Guard(() => _machine.Release(request));

    /// <summary>
    /// An exception that nobody expected. Nothing that a broken step wanted is carried out any more, nor carried out
    /// again; its frames are the collector's, since nobody knows who else has them. What it wrote so far is as if its
    /// process had died: whoever takes the log over finds out.
    /// </summary>
    public void Fail(Exception fault)
    {
        _waiting.Clear();
        _effects.Clear();
        if (_hasFailed)
        {
            return;
        }

        _hasFailed = true;
        var had = _machine.Phase == LogPhase.Stopped;
        _clock?.Stop();
        _pacing.Stop();
        _onStores.Stop();
        Reader.Stop();
        _owner.OnFailed(this, fault, had);
    }

    private void Guard(Action work)
    {
        try
        {
            if (!_hasFailed)
            {
                work();
            }
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
    }

    private void AfterSteps(LogInputKind kind)
    {
        if (_machine.WantsPump)
        {
            _pacing.Request();
        }

        if (kind != LogInputKind.Append || !_pacing.IsRequested)
        {
            _clock?.Arm(_machine.NextTick);
            _owner.OnStepped();
        }
    }

    private void Step(in LogInput input)
    {
        _machine.Step(input, _effects);
        Carry();
    }

    private void Carry()
    {
        // Effects are added while they are carried out: an encoded frame is answered at once.
        for (var i = 0; i < _effects.Count; i++)
        {
            Carry(_effects[i]);
        }

        _effects.Clear();
    }

    private void Carry(in LogEffect effect)
    {
        switch (effect.Kind)
        {
            case LogEffectKind.AddPart:
                _pacing.OnPart();
                _encoder.Add(_owner.Request(effect.Slice), effect.Kept);
                break;
            case LogEffectKind.EncodeFrame:
                Encode(effect);
                break;
            case LogEffectKind.Committed:
                Commit(effect.FrameEnd);
                break;
            case LogEffectKind.Release:
                _frames.Release(effect.FrameEnd);
                break;
            case LogEffectKind.Reply:
                _owner.Reply(effect);
                break;
            case LogEffectKind.Hash:
                FinishHash(effect.Segment);
                break;
            case LogEffectKind.Opened:
                Open();
                break;
            case LogEffectKind.Dropped:
                _owner.OnDropped(effect.Store, effect.Detail);
                break;
            case LogEffectKind.Stopped or LogEffectKind.Fenced or LogEffectKind.Alarm:
                Stop(effect);
                break;
            default:
                _onStores.Carry(effect);
                break;
        }
    }

    private void FinishHash(SegmentId hashed) =>
        _hash.Finish(hash => Feed(LogInput.Hashed(Now, hashed, hash)));

    private void Encode(in LogEffect effect)
    {
        _pacing.OnClosed();
        var frame = _encoder.Encode(effect, _machine);
        _frames.Add(effect.Frame, new SentFrame(frame, effect.Position));
        _hash.Add(frame);
        _machine.Step(LogInput.Encoded(Now, frame.Bytes.Length), _effects);
    }

    private void Commit(long end)
    {
        for (; _committedFrame < end; _committedFrame++)
        {
            if (_frames.Find(_committedFrame) is { } frame)
            {
                Reader.Add(frame.Buffer);
            }
        }

        Reader.WakeReaders();
    }

    private void Open()
    {
        _onStores.Begin();
        _encoder.Begin();
        _hash.Begin();
        Reader.Open(_machine.Manifest);
        _owner.OnOpened();
    }

    private void Stop(in LogEffect effect)
    {
        _clock?.Stop();
        _pacing.Stop();
        _onStores.Stop();
        Reader.Stop();
        _frames.Release(long.MaxValue);
        if (effect.Kind != LogEffectKind.Stopped)
        {
            var kind = effect.Kind == LogEffectKind.Fenced ? PartitionEvent.Fenced : PartitionEvent.Alarm;
            _owner.OnStopped(kind, effect.Detail);
        }
    }

    private void Pump() => Feed(LogInput.Pump(Now, _clock!.WallTime));

    private void OnTick()
    {
        if (!_loop.IsCurrent)
        {
            _loop.Post(static driver => ((LogDriver)driver!).OnTick(), this);
            return;
        }

        Guard(
            () =>
            {
                FollowMembers();
                _onStores.CheckDeadlines();
            });
        Feed(LogInput.Tick(Now));
    }

    private void FollowMembers()
    {
        if (!ReferenceEquals(_members, _stores.Members))
        {
            _members = _stores.Members;
            Feed(LogInput.VotersAre(Now, [.. _members.Select(m => m.Id)], _stores.Quorum));
        }
    }

    /// <summary>
    /// Whether the log is this one's at some moment from now on: what it remembers now is then the latest.
    /// </summary>
    public async ValueTask<bool> IsOwnerAsync()
    {
        var (epoch, owner) = (_machine.Manifest.Epoch, _machine.Manifest.Owner);
        return await _register.ReadAsync(CancellationToken.None) is { } manifest
            && manifest.Epoch == epoch && manifest.Owner == owner;
    }
}
