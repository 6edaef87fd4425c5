using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Partitions.Frames;
using Pipeline.Runtime.Partitions.Reading;
using Pipeline.Runtime.Partitions.Segments;
using Pipeline.Runtime.Registers;
using Pipeline.Runtime.Stores;

namespace Pipeline.Runtime.Partitions.Driving;

/// <summary>
/// Feeds a log's machine and carries out its effects, in order. Everything runs on the partition's loop. What arrives
/// while effects are carried out waits for its turn, so that no input sees half a step.
/// </summary>
internal sealed class LogDriver
{
    private readonly LogMachine _machine;
    private readonly LogEffects _effects = new();
    private readonly Queue<LogInput> _waiting = new();
    private readonly IStoreSet _stores;
    private readonly ILoop _loop;
    private readonly Random _draw;
    private readonly PartitionOptions _options;
    private readonly ILogOwner _owner;
    private readonly StoreWork _work;
    private readonly ManifestRegister _register;
    private readonly FrameEncoder _encoder;
    private readonly FrameTable _frames = new();
    private readonly FrameHash _hash;
    private readonly Dictionary<StoreId, StoreLink> _links = [];
    private readonly BlockPacing _pacing;
    private IReadOnlyList<StoreMember>? _members;
    private LogClock? _clock;
    private long _committedFrame;
    private bool _isFeeding;

    public LogDriver(
        LogId log, IStoreSet stores, IRegisters registers, ILoop loop, Random draw, PartitionOptions options,
        ILogOwner owner)
    {
        (_stores, _loop, _draw, _options, _owner) = (stores, loop, draw, options, owner);
        Span<byte> name = stackalloc byte[Hash128.Size];
        draw.NextBytes(name);
        _machine = new LogMachine(log, Hash128.Read(name), options.Log);
        _work = new StoreWork(log, stores, options, loop.Time);
        _register = new ManifestRegister(log, registers);
        _encoder = new FrameEncoder(log);
        _hash = new FrameHash(loop, options.Background);
        _pacing = new BlockPacing(loop, options.Gather, Pump);
        Reader = new PartitionReader(log, stores, options, loop.Time);
    }

    public PartitionReader Reader { get; }

    public LogMachine Machine => _machine;

    public long Now => _clock?.Now ?? 0;

    public void Start()
    {
        _clock = new LogClock(_loop.Time, OnTick);
        FollowMembers();
        Feed(LogInput.Start(Now));
    }

    public void Feed(in LogInput input)
    {
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
        }
        catch (Exception fault) when (fault is LogInvariantException or InvalidDataException)
        {
            Fail(fault);
        }
        finally
        {
            _isFeeding = false;
        }

        if (_machine.WantsPump)
        {
            _pacing.Request();
        }

        if (input.Kind != LogInputKind.Append || !_pacing.IsRequested)
        {
            _clock?.Arm(_machine.NextTick);
            _owner.OnStepped();
        }
    }

    /// <summary>Something is wrong for good: stop, and tell the host.</summary>
    public void Fail(Exception fault)
    {
        _waiting.Clear();
        _effects.Clear();
        if (_machine.Phase == LogPhase.Stopped)
        {
            return;
        }

        _machine.Step(LogInput.Stop(Now), _effects);
        Carry();
        _owner.OnStopped(PartitionEvent.Alarm, fault.Message);
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
            case LogEffectKind.Append:
                Watch(AppendAsync(effect));
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
                var hashed = effect.Segment;
                _hash.Finish(hash => Feed(LogInput.Hashed(Now, hashed, hash)));
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
                CarryToStores(effect);
                break;
        }
    }

    private void CarryToStores(in LogEffect effect)
    {
        switch (effect.Kind)
        {
            case LogEffectKind.ReadManifest:
                Watch(ReadManifestAsync());
                break;
            case LogEffectKind.ProposeManifest:
                Watch(ProposeAsync(effect.Manifest!));
                break;
            case LogEffectKind.Create:
                Watch(CreateAsync(effect));
                break;
            case LogEffectKind.SealAndRead:
                Watch(SealAndReadAsync(effect));
                break;
            case LogEffectKind.Load or LogEffectKind.LoadClosed:
                Watch(LoadAsync(effect));
                break;
            case LogEffectKind.Fix:
                Watch(FixAsync(effect));
                break;
            case LogEffectKind.Compare:
                Watch(CompareAsync(effect));
                break;
            case LogEffectKind.StoreIndex:
                Watch(StoreIndexAsync(effect));
                break;
            case LogEffectKind.Delete:
                Reader.Catalog.Change(_machine.Manifest);
                Watch(_work.DeleteBelowAsync(effect.Length));
                break;
            case LogEffectKind.DeleteIndex:
                Watch(_work.DeleteIndexAsync(effect.IndexLink!));
                break;
        }
    }

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
        _links.Clear();
        _encoder.Begin();
        _hash.Begin();
        Reader.Open(_machine.Manifest);
        _owner.OnOpened();
    }

    private void Stop(in LogEffect effect)
    {
        _clock?.Stop();
        _pacing.Stop();
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

        FollowMembers();
        foreach (var link in _links.Values)
        {
            link.CheckDeadline();
        }

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

    private StoreLink Link(StoreId store, SegmentId segment)
    {
        if (_links.TryGetValue(store, out var link) && link.Segment == segment)
        {
            return link;
        }

        return _links[store] = new StoreLink(
            _machine.Manifest.Log, segment, _stores.Find(store), _loop.Time, _options.StoreTimeout);
    }

    private async ValueTask AppendAsync(LogEffect effect)
    {
        var frames = _frames.Use(effect.Frame, effect.FrameEnd);
        var outcome = await Link(effect.Store, effect.Segment).AppendAsync(effect.Position, frames);
        Feed(LogInput.Appended(
            Now, effect.Store, effect.Segment, effect.FrameEnd, outcome.Status.ToReply(), outcome.Length));
    }

    private async ValueTask CompareAsync(LogEffect effect)
    {
        var frames = _frames.Use(effect.Frame, effect.FrameEnd);
        var reply = await Link(effect.Store, effect.Segment).CompareAsync(effect.Position, effect.Length, frames);
        Feed(LogInput.Compared(Now, effect.Store, effect.Segment, reply, effect.Length));
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

    private async ValueTask ReadManifestAsync()
    {
        var manifest = await _register.ReadAsync(CancellationToken.None);
        Feed(LogInput.ManifestRead(Now, manifest));
    }

    private async ValueTask ProposeAsync(LogManifest next)
    {
        var manifest = await _register.ProposeAsync(next);
        Feed(LogInput.ManifestProposed(Now, manifest, _draw.NextInt64(TimeSpan.TicksPerSecond / 2)));
    }

    private async ValueTask CreateAsync(LogEffect effect)
    {
        var reply = await _work.CreateAsync(effect);
        Feed(LogInput.Created(Now, effect.Store, effect.Segment, reply));
    }

    private async ValueTask SealAndReadAsync(LogEffect effect)
    {
        var (status, copy) = await _work.SealAndReadAsync(effect);
        Feed(LogInput.Copied(Now, effect.Store, effect.Segment, status, copy));
    }

    private async ValueTask LoadAsync(LogEffect effect)
    {
        var reading = effect.Kind == LogEffectKind.Load
            ? await _work.LoadAsync(effect.Store, effect.Segment, effect.Length)
            : await _work.LoadClosedAsync(effect.Closed!);
        Reader.Learn(reading.Map);
        Feed(LogInput.Loaded(Now, effect.Store, effect.Segment, reading.Status, reading.Replay, reading.Hash));
    }

    private async ValueTask FixAsync(LogEffect effect)
    {
        var reply = await _work.FixAsync(effect);
        Feed(LogInput.Fixed(Now, effect.Store, effect.Segment, reply));
    }

    private async ValueTask StoreIndexAsync(LogEffect effect)
    {
        await _work.StoreIndexAsync(effect.Index!, effect.IndexLink!);
        Feed(LogInput.Indexed(Now, effect.IndexLink!.Hash));
    }

    /// <summary>A fault in what a step started is a bug: it stops the partition instead of vanishing.</summary>
#pragma warning disable CA1031
    public async void Watch(ValueTask work)
    {
        try
        {
            await work;
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
    }
#pragma warning restore CA1031
}
