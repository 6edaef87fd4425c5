using System.Security.Cryptography;
using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Logs.Inputs;
using Pipeline.Kernel.Logs.Owning;
using Xunit;

namespace Pipeline.Kernel.Tests.Logs;

/// <summary>One owner's machine, its frames, and what it was told to do but has not done yet.</summary>
internal sealed class WorldOwner
{
    private readonly LogWorld _world;
    private readonly LogOptions _options;
    private readonly LogEffects _effects = new();
    private readonly List<LogEffect> _undone = [];
    private readonly List<byte[]> _parts = [];
    private readonly List<byte[]> _frame = [];
    private readonly SortedDictionary<long, (long Start, byte[] Bytes)> _frames = [];
    private Hash128 _chain;

    public WorldOwner(LogWorld world, Hash128 name, LogOptions options, LogFlaws flaws)
    {
        (_world, _options) = (world, options);
        Machine = new LogMachine(LogWorld.Log, name, options, flaws);
    }

    public LogMachine Machine { get; private set; }

    /// <summary>Answers by slice.</summary>
    public Dictionary<int, LogEffect> Replies { get; } = [];

    public List<LogEffect> Notices { get; } = [];

    /// <summary>What it was told to do but has not done.</summary>
    public IReadOnlyList<LogEffect> Undone => _undone;

    public bool IsServing => Machine.Phase == LogPhase.Serving;

    public void Start()
    {
        Step(LogInput.VotersAre(_world.Now, [.. _world.Stores.Select(s => s.Id)], _world.Quorum));
        Step(LogInput.Start(_world.Now));
    }

    /// <summary>Appends one part; returns its slice. Nothing is written before <see cref="Pump"/>.</summary>
    public int Append(PartHeader header, IReadOnlyList<Hash128>? handles, params string[] values)
    {
        header = header with { Kind = header.Kind == 0 ? PartKind.Events : header.Kind, Count = values.Length };
        var records = values.SelectMany(Record).ToArray();
        var part = new byte[PartCodec.HeaderSize(header.HandleKind, values.Length) + records.Length];
        var size = PartCodec.WriteHeader(header, handles?.ToArray() ?? [], records.Length, part);
        records.CopyTo(part, size);
        _parts.Add(part);
        Step(LogInput.Append(
            _world.Now, _parts.Count - 1, part.Length, header, handles, _world.Now + TimeSpan.TicksPerMinute));
        return _parts.Count - 1;
    }

    public int Append(params string[] values) => Append(default, null, values);

    /// <summary>Lets go of everything before an offset that lies in <paramref name="kept"/>.</summary>
    public void Trim(LogOffset lowWater, ClosedSegment kept) =>
        Step(LogInput.Trim(_world.Now, lowWater, kept.Id.Number, kept.First));

    /// <summary>Goes on to a new segment.</summary>
    public void Roll() => Step(LogInput.Roll(_world.Now, _world.Manifest.Open!.Id));

    public void Pump() => Step(LogInput.Pump(_world.Now, _world.Now + 1));

    public void Tick() => Step(LogInput.Tick(_world.Now));

    /// <summary>Does everything there is to do, until only frozen stores are left to wait for.</summary>
    public void Run()
    {
        for (var done = 0; FirstDoable() is var number and >= 0; done++)
        {
            Assert.True(done < 10_000, $"it does not come to rest: {_undone[number]}");
            Do(number);
            if (Machine.WantsPump)
            {
                Pump();
            }
        }
    }

    /// <summary>Appends, and does everything there is to do.</summary>
    public LogEffect AppendNow(params string[] values) => Answer(Append(default, null, values));

    public LogEffect AppendNow(PartHeader header, params string[] values) => Answer(Append(header, null, values));

    /// <summary>Lets time pass, tick by tick as the machine asks for, doing everything there is to do.</summary>
    public void Wait(TimeSpan time)
    {
        var ticks = 0;
        for (var end = _world.Now + time.Ticks; _world.Now < end && Machine.Phase != LogPhase.Stopped; ticks++)
        {
            Assert.True(ticks < 5_000, $"a busy timer: {Machine.Phase} {Machine.Complaint}");
            _world.Now = Math.Min(end, Math.Max(_world.Now + 1, Machine.NextTick));
            Tick();
            Run();
        }
    }

    /// <summary>Does the effect with this number; what it answers is fed back.</summary>
    public void Do(int number)
    {
        var effect = _undone[number];
        _undone.RemoveAt(number);
        Perform(effect);
    }

    /// <summary>Whether the effect with this number is not at a frozen store.</summary>
    public bool CanDo(int number) =>
        !IsAtStore(_undone[number]) || !_world.Store(_undone[number].Store).IsFrozen;

    private int FirstDoable()
    {
        for (var number = 0; number < _undone.Count; number++)
        {
            if (CanDo(number))
            {
                return number;
            }
        }

        return -1;
    }

    /// <summary>Goes on with a copy of the machine: a copy is the same machine.</summary>
    public void GoOnWithCopy()
    {
        var copy = Machine.Copy();
        var own = new ByteWriter();
        var other = new ByteWriter();
        Machine.Encode(own);
        copy.Encode(other);
        Assert.True(own.Written.SequenceEqual(other.Written));
        Machine = copy;
    }

    private LogEffect Answer(int slice)
    {
        Pump();
        Run();
        return Replies[slice];
    }

    private static bool IsAtStore(in LogEffect effect) => effect.Kind is LogEffectKind.Create
        or LogEffectKind.SealAndRead or LogEffectKind.Load or LogEffectKind.Fix or LogEffectKind.Append
        or LogEffectKind.Compare;

    private void Step(in LogInput input)
    {
        Machine.Step(input, _effects);
        for (var i = 0; i < _effects.Count; i++)
        {
            Take(_effects[i]);
        }

        _effects.Clear();
    }

    private void Take(in LogEffect effect)
    {
        switch (effect.Kind)
        {
            case LogEffectKind.AddPart:
                _frame.Add(Selected(_parts[effect.Slice], effect.Kept));
                break;
            case LogEffectKind.EncodeFrame:
                Encode(effect);
                break;
            case LogEffectKind.Reply:
                Replies.Add(effect.Slice, effect);
                break;
            case LogEffectKind.Opened:
                _chain = default;
                Notices.Add(effect);
                break;
            case LogEffectKind.Committed or LogEffectKind.Release:
                break;
            case LogEffectKind.Dropped or LogEffectKind.Fenced or LogEffectKind.Alarm or LogEffectKind.Stopped:
                Notices.Add(effect);
                break;
            default:
                _undone.Add(effect);
                break;
        }
    }

    private void Encode(in LogEffect effect)
    {
        if (effect.FrameKind == FrameKind.State)
        {
            var state = new ByteWriter();
            Machine.SaveState(state);
            _frame.Add(state.Written.ToArray());
        }

        var payload = _frame.SelectMany(p => p).ToArray();
        _frame.Clear();
        var header = new FrameHeader
        {
            Kind = effect.FrameKind,
            Log = LogWorld.Log,
            Segment = effect.Segment,
            First = effect.First,
            Count = effect.Count,
            Commit = effect.Commit,
            Time = effect.Time,
            Previous = _chain,
            PayloadLength = payload.Length,
            PayloadCrc = Crc32C.Compute(payload),
        };
        var bytes = new byte[header.Size];
        _chain = FrameCodec.WriteHeader(header, bytes);
        payload.CopyTo(bytes, FrameCodec.HeaderSize);
        FrameCodec.WriteTrailer(bytes.AsSpan(FrameCodec.HeaderSize + payload.Length));
        _frames[effect.Frame] = (effect.Position, bytes);
        Machine.Step(LogInput.Encoded(_world.Now, bytes.Length), _effects);
    }

    private void Perform(LogEffect effect)
    {
        var now = _world.Now;
        switch (effect.Kind)
        {
            case LogEffectKind.ReadManifest:
                Step(LogInput.ManifestRead(now, _world.IsRegisterDown ? null : _world.Manifest));
                break;
            case LogEffectKind.ProposeManifest:
                Step(LogInput.ManifestProposed(now, _world.Propose(effect.Manifest!), 0));
                break;
            case LogEffectKind.Create:
                var created = _world.Store(effect.Store).Create(effect.Segment);
                Step(LogInput.Created(now, effect.Store, effect.Segment, created));
                break;
            case LogEffectKind.Append:
                var (status, length) = _world.Store(effect.Store).Append(
                    effect.Segment, effect.Position, Bytes(effect.Position, effect.Frame, effect.FrameEnd));
                Step(LogInput.Appended(now, effect.Store, effect.Segment, effect.FrameEnd, status, length));
                break;
            case LogEffectKind.Compare:
                Step(LogInput.Compared(now, effect.Store, effect.Segment, Compare(effect), effect.Length));
                break;
            case LogEffectKind.SealAndRead:
                var (sealing, copy) = _world.Store(effect.Store).SealAndRead(effect.Segment);
                Step(LogInput.Copied(now, effect.Store, effect.Segment, sealing, copy));
                break;
            case LogEffectKind.Load:
                Load(effect.Store, effect.Segment, _world.Store(effect.Store).Read(effect.Segment, effect.Length));
                break;
            case LogEffectKind.LoadClosed:
                var closed = effect.Closed!;
                var bytes = _world.Stores.Select(s => s.Read(closed.Id, closed.Bytes))
                    .FirstOrDefault(b => b is not null && Hash256.Of(b) == closed.Hash);
                Load(default, closed.Id, bytes);
                break;
            case LogEffectKind.Fix:
                Fix(effect);
                break;
            case LogEffectKind.Hash:
                var held = _frames.Values.SkipWhile(f => f.Start != 0).ToList();
                var last = held.FindLastIndex(f => f.Start == 0);
                Step(LogInput.Hashed(
                    now, effect.Segment, Hash256.Of([.. held.Skip(last).SelectMany(f => f.Bytes)])));
                break;
            case LogEffectKind.StoreIndex:
                _world.Indexes[effect.IndexLink!.Hash] = effect.Index!;
                Step(LogInput.Indexed(now, effect.IndexLink.Hash));
                break;
            case LogEffectKind.Delete:
                Delete(effect.Length);
                break;
        }
    }

    private void Delete(long keptNumber)
    {
        foreach (var store in _world.Stores)
        {
            foreach (var segment in store.Segments.Keys.Where(s => s.Number < keptNumber).ToList())
            {
                store.Segments.Remove(segment);
                store.Fixes.Remove(segment);
            }
        }
    }

    private void Fix(LogEffect effect)
    {
        var bytes = _world.Store(effect.Source).Read(effect.Segment, effect.Length);
        var status = bytes is null || !WorldLog.IsGood(effect.Segment, bytes)
            ? StoreReply.Unavailable
            : _world.Store(effect.Store).Fix(effect.Segment, effect.Position, bytes[(int)effect.Position..]);
        Step(LogInput.Fixed(_world.Now, effect.Store, effect.Segment, status));
    }

    private StoreReply Compare(in LogEffect effect)
    {
        var store = _world.Store(effect.Store);
        if (store.Failure != StoreReply.Ok)
        {
            return store.Failure;
        }

        var found = store.Segments[effect.Segment].Bytes[(int)effect.Position..(int)effect.Length];
        return Bytes(effect.Position, effect.Frame, effect.FrameEnd).Take(found.Count).SequenceEqual(found)
            ? StoreReply.Ok
            : StoreReply.Foreign;
    }

    private void Load(StoreId store, SegmentId segment, byte[]? bytes)
    {
        if (bytes is null)
        {
            Step(LogInput.Loaded(_world.Now, store, segment, StoreReply.Unavailable, null, default));
            return;
        }

        var replay = new LogReplay(_options);
        var scanner = new SegmentScanner(LogWorld.Log, segment);
        while (scanner.Next(bytes.AsSpan((int)scanner.Position), true, out var header) == ScanStep.Frame)
        {
            replay.Apply(header, bytes.AsSpan((int)scanner.Position - header.PayloadLength - 4, header.PayloadLength));
        }

        if (bytes.Length != scanner.ValidBytes)
        {
            Step(LogInput.Loaded(_world.Now, store, segment, StoreReply.Foreign, null, default));
            return;
        }

        Step(LogInput.Loaded(
            _world.Now, store, segment, StoreReply.Ok, replay, Hash256.Read(SHA256.HashData(bytes))));
    }

    private byte[] Bytes(long position, long first, long end)
    {
        var frames = _frames.Where(f => f.Key >= first && f.Key < end).Select(f => f.Value).ToList();
        return [.. frames.SelectMany(f => f.Bytes).Skip((int)(position - frames[0].Start))];
    }

    private static byte[] Record(string value)
    {
        var record = new RecordView { Value = Encoding.UTF8.GetBytes(value) };
        var bytes = new byte[RecordCodec.Size(record)];
        RecordCodec.Write(record, bytes);
        return bytes;
    }

    /// <summary>The part with only these events.</summary>
    private static byte[] Selected(byte[] encoded, IReadOnlyList<int>? kept)
    {
        if (kept is null)
        {
            return encoded;
        }

        Assert.True(PartCodec.TryRead(encoded, out var part, out _));
        var records = new List<byte[]>();
        for (var body = part.Body; body.Length > 0;)
        {
            Assert.True(RecordCodec.TryRead(body, out _, out var size));
            records.Add(body[..size].ToArray());
            body = body[size..];
        }

        var handles = new List<Hash128>();
        foreach (var number in kept)
        {
            handles.Add(part.EventHandle(number));
        }

        var body2 = kept.SelectMany(k => records[k]).ToArray();
        var header = part.Header with { Count = kept.Count };
        var to = new byte[PartCodec.HeaderSize(header.HandleKind, kept.Count) + body2.Length];
        var at = PartCodec.WriteHeader(header, handles.ToArray(), body2.Length, to);
        body2.CopyTo(to, at);
        return to;
    }
}
