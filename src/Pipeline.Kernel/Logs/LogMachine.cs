using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Deduplicating;
using Pipeline.Kernel.Logs.Taking;
using Pipeline.Kernel.Logs.Writing;

namespace Pipeline.Kernel.Logs;

/// <summary>
/// The owner of one partition's log: takes it over, groups parts into blocks, commits them on a majority of stores,
/// rolls to new segments, trims, and never appends a part twice (docs/decisions/0004-log.md). Invariants, beside those
/// at the head of each part of it:
/// <list type="bullet">
/// <item>Nothing is acknowledged unless a majority of the open segment's stores holds it and all before it.</item>
/// <item>Once fenced or alarmed it does nothing any more, for good.</item>
/// <item>A part whose frame is not in the recovered prefix was not acknowledged: it is appended again.</item>
/// </list>
/// Time only decides when to try, to wait or to give up waiting.
/// </summary>
public sealed class LogMachine
{
    private readonly LogCore _core;
    private readonly Admission _admission;
    private readonly Replication _replication;
    private readonly Proposals _proposals;
    private readonly Succession _succession;
    private readonly Rolling _rolling;
    private readonly Recovery _recovery;
    private readonly Trimming _trimming;
    private readonly Ownership _ownership;
    private readonly Reservations _reservations;
    private Deduplication _memory;
    private SegmentWriter? _writer;
    private Carried? _carried;
    private bool _isPumped;
    private long _wallTime;

    public LogMachine(LogId log, Hash128 owner, LogOptions options)
        : this(log, owner, options, LogFlaws.None)
    {
    }

    internal LogMachine(LogId log, Hash128 owner, LogOptions options, LogFlaws flaws)
    {
        _core = new LogCore(log, owner, options, flaws);
        _memory = new Deduplication(options.WindowHandles);
        _admission = new Admission(_core);
        _replication = new Replication(_core);
        _proposals = new Proposals(_core);
        _succession = new Succession(_core, _proposals);
        _rolling = new Rolling(_core, _succession);
        _recovery = new Recovery(_core);
        _trimming = new Trimming(_core, _proposals);
        _ownership = new Ownership(_core, _proposals);
        _reservations = new Reservations();
    }

    private LogMachine(LogMachine from)
    {
        _core = from._core.Copy();
        _memory = from._memory.Copy();
        _admission = from._admission.Copy(_core);
        _replication = new Replication(_core);
        _proposals = from._proposals.Copy(_core);
        _succession = from._succession.Copy(_core, _proposals);
        _rolling = from._rolling.Copy(_core, _succession);
        _recovery = from._recovery.Copy(_core);
        _trimming = from._trimming.Copy(_core, _proposals);
        _ownership = from._ownership.Copy(_core, _proposals);
        _reservations = from._reservations.Copy();
        _writer = from._writer?.Copy(_core);
        _carried = from._carried?.Copy();
        (_isPumped, _wallTime) = (from._isPumped, from._wallTime);
    }

    public LogPhase Phase => _core.Phase;

    /// <summary>The manifest as last chosen or read.</summary>
    public LogManifest Manifest => _core.Manifest;

    /// <summary>The committed end, exclusive.</summary>
    public LogOffset Committed => _writer?.Committed ?? _carried?.Committed ?? _core.Manifest.ClosedEnd;

    /// <summary>The end including what is not committed, exclusive.</summary>
    public LogOffset Next => _writer?.Next ?? Committed;

    /// <summary>The open segment's length in bytes.</summary>
    public long OpenBytes => _writer?.Bytes ?? 0;

    /// <summary>Acceptance time of the open segment's first and last events, ticks UTC; 0 without.</summary>
    public (long First, long Last) OpenTimes => (_writer?.FirstEventTime ?? 0, _writer?.LastEventTime ?? 0);

    /// <summary>Why a takeover does not go on, for people; null while it does.</summary>
    public string? Complaint => _core.Phase == LogPhase.Serving ? null : _recovery.Complaint;

    /// <summary>The clock's value at which the next Tick is due; long.MaxValue: none.</summary>
    public long NextTick
    {
        get
        {
            if (_core.Phase is LogPhase.Idle or LogPhase.Stopped)
            {
                return long.MaxValue;
            }

            var next = Math.Min(_proposals.RetryAt, _ownership.NextTick(_writer));
            next = Math.Min(next, _succession.NextTick());
            next = Math.Min(next, _admission.NextTick(_writer is { AllCommitted: false } || _carried is not null));
            return _writer is null
                ? Math.Min(next, _recovery.NextTick())
                : Math.Min(next, Math.Min(_replication.NextTick(_writer), _rolling.NextTick(_writer)));
        }
    }

    /// <summary>Nothing waits for a block or for its commit.</summary>
    public bool IsQuiet => _admission.IsEmpty && _carried is null && _writer is null or { AllCommitted: true };

    /// <summary>Parts wait, and a block may be closed: say Pump once all that arrived together is in.</summary>
    public bool WantsPump =>
        _writer is { IsEncoding: false } writer && !_admission.IsEmpty
        && writer.UncommittedBlocks < _core.Options.MaxUncommittedBlocks
        && (!_rolling.IsFrozen || _core.Has(LogFlaws.AcknowledgeWhileRolling));

    /// <summary>One input in; state changed; effects appended.</summary>
    public void Step(in LogInput input, LogEffects effects)
    {
        _core.Now = Math.Max(_core.Now, input.Now);
        _core.Effects = effects;
        if (_core.Phase == LogPhase.Stopped)
        {
            if (input.Kind == LogInputKind.Append)
            {
                _admission.Reply(input.Slice, LogReply.NotAppended);
            }

            return;
        }

        Take(input);
        if (input.Kind != LogInputKind.Append && _core.Phase != LogPhase.Stopped)
        {
            Advance();
        }
    }

    /// <summary>
    /// Asks this partition, as the home of a request's handle, whether the request may run, and marks it as running:
    /// Appended = go on. <paramref name="expected"/> is the number a producer must send, with ProducerGap.
    /// </summary>
    public LogReply Reserve(in PartHeader header, out long expected)
    {
        expected = 0;
        if (_core.Phase != LogPhase.Serving)
        {
            return LogReply.NotAppended;
        }

        if (_reservations.IsRunning(header))
        {
            return LogReply.InProgress;
        }

        var decision = _memory.Ask(header);
        expected = decision.Expected;
        if (decision.Reply == LogReply.Appended)
        {
            _reservations.TryBegin(header);
        }

        return decision.Reply;
    }

    /// <summary>The request with this header does not run any more.</summary>
    public void Release(in PartHeader header) => _reservations.End(header);

    /// <summary>Writes the payload of a state frame; only while one is being encoded.</summary>
    public void SaveState(ByteWriter to) => _memory.Save(to);

    /// <summary>The same state once more, sharing nothing that changes.</summary>
    internal LogMachine Copy() => new(this);

    /// <summary>Writes what tells this state from another: equal states write the same bytes.</summary>
    internal void Encode(ByteWriter to)
    {
        _core.Encode(to);
        _memory.Save(to);
        _admission.Encode(to);
        _proposals.Encode(to);
        _succession.Encode(to);
        _rolling.Encode(to);
        _recovery.Encode(to);
        _trimming.Encode(to);
        _ownership.Encode(to);
        to.Bool(_writer is not null);
        _writer?.Encode(to);
        to.Bool(_carried is not null);
        _carried?.Encode(to);
    }

    private void Take(in LogInput input)
    {
        switch (input.Kind)
        {
            case LogInputKind.Start:
                LogCore.Require(_core.Phase == LogPhase.Idle, "a log is started once");
                _core.Phase = LogPhase.Claiming;
                _ownership.Read();
                break;
            case LogInputKind.Stop:
                StopFor(LogEffectKind.Stopped, "asked to stop");
                break;
            case LogInputKind.Members:
                _core.Members = input.Members!;
                _core.Quorum = input.Quorum;
                break;
            case LogInputKind.Append:
                _admission.Enqueue(input);
                break;
            case LogInputKind.Trim:
                _trimming.Request(input);
                break;
            case LogInputKind.Pump:
                _isPumped = true;
                _wallTime = input.WallTime;
                break;
            case LogInputKind.Encoded:
                LogCore.Require(_writer is not null, "only the open segment is encoded");
                _writer.OnEncoded(input.Length);
                break;
            case LogInputKind.Tick:
                Expire();
                break;
            case LogInputKind.ManifestRead or LogInputKind.ManifestProposed:
                TakeManifest(input);
                break;
            case LogInputKind.Hashed:
                if (_writer is not null)
                {
                    _rolling.OnHashed(_writer, input);
                }

                break;
            case LogInputKind.Indexed:
                _succession.OnIndexed(input.Hash);
                break;
            default:
                TakeFromStore(input);
                break;
        }
    }

    private void TakeFromStore(in LogInput input)
    {
        switch (input.Kind)
        {
            case LogInputKind.Created:
                _succession.OnCreated(input);
                break;
            case LogInputKind.Appended or LogInputKind.Compared when _writer?.Segment.Id == input.Segment:
                Obey(input.Kind == LogInputKind.Appended
                    ? _replication.OnAppended(_writer, input)
                    : _replication.OnCompared(_writer, input));
                break;
            case LogInputKind.Copied:
                _recovery.OnCopied(input);
                break;
            case LogInputKind.Loaded:
                _recovery.OnLoaded(input);
                break;
            case LogInputKind.Fixed:
                _recovery.OnFixed(input);
                break;
        }
    }

    private void TakeManifest(in LogInput input)
    {
        if (input.Kind == LogInputKind.ManifestRead)
        {
            if (_ownership.OnRead(input.Manifest) == Verdict.Fenced)
            {
                StopFor(LogEffectKind.Fenced, $"epoch {input.Manifest!.Epoch} has another owner");
            }

            return;
        }

        var purpose = _proposals.Purpose;
        switch (_proposals.OnResult(input.Manifest))
        {
            case true when purpose == ProposalPurpose.Claim:
                _recovery.Begin();
                break;
            case true when purpose == ProposalPurpose.Open:
                Open();
                break;
            case true:
                _trimming.OnTrimmed();
                break;
            case false when purpose == ProposalPurpose.Claim && _carried is null:
                _ownership.ClaimAgain(input.Deadline);
                break;
            case false:
                StopFor(LogEffectKind.Fenced, $"epoch {_core.Manifest.Epoch} has another owner");
                break;
        }
    }

    private void Advance()
    {
        _proposals.Retry();
        _succession.Advance();
        if (_core.Phase == LogPhase.Claiming)
        {
            _ownership.Advance(null);
        }

        if (_core.Phase is LogPhase.Sealing or LogPhase.Loading or LogPhase.Repairing or LogPhase.Closing)
        {
            Recover();
        }

        if (_core.Phase == LogPhase.Serving)
        {
            Serve(_writer!);
        }
    }

    private void Recover()
    {
        _succession.Prepare(new SegmentId(_core.Manifest.Epoch, _core.Manifest.NextNumber));
        _recovery.Advance();
        if (_core.Phase == LogPhase.Closing && _succession.IsReady && !_succession.IsClosing)
        {
            _succession.Close(_recovery.Close(), _recovery.Found.End ?? _core.Manifest.ClosedEnd);
        }
    }

    private void Serve(SegmentWriter writer)
    {
        writer.Commit(OnCommit);
        _replication.DropLaggards(writer);
        if (_ownership.IsStuck(writer, _succession))
        {
            TakeOverFromItself(writer);
            return;
        }

        _rolling.Advance(writer);
        if (!_succession.IsClosing)
        {
            _trimming.Advance(writer);
        }

        if (!writer.IsEncoding && writer.ActiveCount >= writer.Segment.Quorum)
        {
            if (_isPumped && WantsPump)
            {
                _admission.CloseBlock(writer, _memory, _wallTime);
            }
            else if (!_rolling.IsFrozen && _ownership.IsCommitFrameDue(writer, _admission.IsEmpty))
            {
                writer.Close(FrameKind.Commit, 0, _core.LastTime, _memory.Window.Next, []);
            }
        }

        _isPumped = false;
        if (!writer.IsEncoding)
        {
            _replication.Send(writer);
        }

        writer.Release();
        _ownership.Advance(writer);
    }

    private void OnCommit(LogFrame frame)
    {
        _memory.Commit(frame.Sequence + 1, frame.WindowMark);
        foreach (var pending in frame.Replies)
        {
            _admission.Reply(pending);
        }

        frame.Replies.Clear();
    }

    /// <summary>The segment prepared is the open one now.</summary>
    private void Open()
    {
        var open = _core.Manifest.Open!;
        _succession.OnOpened();
        _rolling.Reset();
        if (_writer is null)
        {
            _memory = _recovery.Replay!.Memory;
            _core.LastTime = Math.Max(_core.LastTime, _recovery.Replay.LastTime);
            _carried?.Resolve(_admission, _core, _recovery.Found.Bytes);
            _carried = null;
        }

        // What the old segment's stores have not answered does not matter any more: it is closed.
        _core.Emit(new LogEffect(LogEffectKind.Release) { FrameEnd = _core.NextFrame });
        _writer = new SegmentWriter(_core, open);
        _memory.Rebase(_core.NextFrame);
        _core.Phase = LogPhase.Serving;
        _ownership.OnOpened();
        _core.Emit(new LogEffect(LogEffectKind.Opened) { Segment = open.Id, First = open.First });
        _writer.Close(FrameKind.State, 0, _core.LastTime, _memory.Window.Next, []);
    }

    /// <summary>
    /// Too few of the open segment's stores work: seal it, recover it and go on with those that do, like any other
    /// owner would, but keep the queue and what is not answered yet.
    /// </summary>
    private void TakeOverFromItself(SegmentWriter writer)
    {
        _carried = new Carried(writer);
        _writer = null;
        _rolling.Reset();
        _succession.Reset();
        _core.Phase = LogPhase.Claiming;
        _ownership.Claim();
    }

    private void Expire()
    {
        _admission.Expire();
        if (_writer is not null)
        {
            _admission.Expire(_writer.Uncommitted);
        }
        else if (_carried is not null)
        {
            _admission.Expire(_carried.Frames);
        }
    }

    private void Obey(Verdict verdict)
    {
        switch (verdict)
        {
            case Verdict.CheckOwner:
                _ownership.Read();
                break;
            case Verdict.Fenced:
                StopFor(LogEffectKind.Fenced, "the open segment is sealed: somebody took over");
                break;
            case Verdict.Alarm:
                StopFor(LogEffectKind.Alarm, "somebody else's bytes lie in the open segment");
                break;
        }
    }

    private void StopFor(LogEffectKind why, string detail)
    {
        _core.Phase = LogPhase.Stopped;
        var frames = _writer?.Uncommitted ?? _carried?.Frames ?? [];
        foreach (var pending in frames.SelectMany(f => f.Replies))
        {
            _admission.Reply(pending.Part.Slice, LogReply.OutcomeUnknown);
        }

        _admission.RefuseAll();
        _core.Emit(new LogEffect(why) { Detail = detail });
    }
}
