using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Inputs;
using Pipeline.Kernel.Logs.Taking;
using Pipeline.Kernel.Logs.Writing;

namespace Pipeline.Kernel.Logs.Owning;

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
    private readonly LogState _state;

    public LogMachine(LogId log, Hash128 owner, LogOptions options)
        : this(log, owner, options, LogFlaws.None)
    {
    }

    internal LogMachine(LogId log, Hash128 owner, LogOptions options, LogFlaws flaws)
        : this(new LogState(new LogCore(log, owner, options, flaws)))
    {
    }

    private LogMachine(LogState state) => _state = state;

    public LogPhase Phase => _state.Core.Phase;

    /// <summary>The manifest as last chosen or read.</summary>
    public LogManifest Manifest => _state.Core.Manifest;

    /// <summary>The committed end, exclusive.</summary>
    public LogOffset Committed => _state.Committed;

    /// <summary>The end including what is not committed, exclusive.</summary>
    public LogOffset Next => _state.Writer?.Next ?? Committed;

    /// <summary>The open segment's length in bytes.</summary>
    public long OpenBytes => _state.Writer?.Bytes ?? 0;

    /// <summary>Acceptance time of the open segment's first and last events, ticks UTC; 0 without.</summary>
    public (long First, long Last) OpenTimes => (_state.Writer?.FirstEventTime ?? 0, _state.Writer?.LastEventTime ?? 0);

    /// <summary>The stores that the open segment is written to; the list of before where it is the same.</summary>
    public IReadOnlyList<StoreId> WrittenTo(IReadOnlyList<StoreId>? before) => _state.Writer?.WrittenTo(before) ?? [];

    /// <summary>Why a takeover does not go on, for people; null while it does.</summary>
    public string? Complaint => _state.Core.Phase == LogPhase.Serving ? null : _state.Recovery.Complaint;

    /// <summary>The clock's value at which the next Tick is due; long.MaxValue: none.</summary>
    public long NextTick => _state.NextTick;

    /// <summary>Nothing waits for a block or for its commit.</summary>
    public bool IsQuiet => _state.IsQuiet;

    /// <summary>All that was written is on every store that is written to, not on a majority alone.</summary>
    public bool IsOnEveryStore => _state.Writer is null or { AllActiveAcked: true };

    /// <summary>Parts wait, and a block may be closed: say Pump once all that arrived together is in.</summary>
    public bool WantsPump => _state.WantsPump;

    /// <summary>One input in; state changed; effects appended.</summary>
    public void Step(in LogInput input, LogEffects effects)
    {
        _state.Core.Now = Math.Max(_state.Core.Now, input.Now);
        _state.Core.Effects = effects;
        if (_state.Core.Phase == LogPhase.Stopped)
        {
            if (input.Kind == LogInputKind.Append)
            {
                _state.Admission.Reply(input.Slice, LogReply.NotAppended);
            }

            return;
        }

        Take(input);
        if (input.Kind != LogInputKind.Append && _state.Core.Phase != LogPhase.Stopped)
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
        var isServing = _state.Core.Phase == LogPhase.Serving;
        if (!isServing || _state.Reservations.IsRunning(header))
        {
            return isServing ? LogReply.InProgress : LogReply.NotAppended;
        }

        var decision = _state.Memory.Ask(header);
        expected = decision.Expected;
        if (decision.Reply == LogReply.Appended)
        {
            _state.Reservations.TryBegin(header);
        }

        return decision.Reply;
    }

    /// <summary>The request with this header does not run any more.</summary>
    public void Release(in PartHeader header) => _state.Reservations.End(header);

    /// <summary>Writes the payload of a state frame; only while one is being encoded.</summary>
    public void SaveState(ByteWriter to) => _state.Memory.Save(to);

    /// <summary>The same state once more, sharing nothing that changes.</summary>
    internal LogMachine Copy() => new(_state.Copy());

    /// <summary>Writes what tells this state from another: equal states write the same bytes.</summary>
    internal void Encode(ByteWriter to) => _state.Encode(to);

    private void Take(in LogInput input)
    {
        switch (input.Kind)
        {
            case LogInputKind.Start:
                LogCore.Require(_state.Core.Phase == LogPhase.Idle, "a log is started once");
                _state.Core.Phase = LogPhase.Claiming;
                _state.Ownership.Read();
                break;
            case LogInputKind.Stop:
                StopFor(LogEffectKind.Stopped, "asked to stop");
                break;
            case LogInputKind.Members:
                _state.Core.Members = input.Members!;
                _state.Core.Quorum = input.Quorum;
                break;
            case LogInputKind.Append:
                _state.Admission.Enqueue(input);
                break;
            case LogInputKind.Trim:
                _state.Trimming.Request(input);
                break;
            case LogInputKind.Roll:
                _state.Rolling.Request(input.Segment);
                break;
            case LogInputKind.Pump:
                _state.IsPumped = true;
                _state.WallTime = input.WallTime;
                break;
            case LogInputKind.Encoded:
                LogCore.Require(_state.Writer is not null, "only the open segment is encoded");
                _state.Writer.OnEncoded(input.Length);
                break;
            case LogInputKind.Tick:
                Expire();
                break;
            case LogInputKind.ManifestRead or LogInputKind.ManifestProposed:
                TakeManifest(input);
                break;
            case LogInputKind.Hashed:
                if (_state.Writer is not null)
                {
                    _state.Rolling.OnHashed(_state.Writer, input);
                }

                break;
            case LogInputKind.Indexed:
                _state.Succession.OnIndexed(input.Hash);
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
                _state.Succession.OnCreated(input);
                break;
            case LogInputKind.Appended or LogInputKind.Compared when _state.Writer?.Segment.Id == input.Segment:
                Obey(input.Kind == LogInputKind.Appended
                    ? _state.Replication.OnAppended(_state.Writer, input)
                    : _state.Replication.OnCompared(_state.Writer, input));
                break;
            case LogInputKind.Copied:
                _state.Recovery.OnCopied(input);
                break;
            case LogInputKind.Loaded:
                Obey(_state.Recovery.OnLoaded(input));
                break;
            case LogInputKind.Fixed:
                Obey(_state.Recovery.OnFixed(input));
                break;
        }
    }

    private void TakeManifest(in LogInput input)
    {
        if (input.Kind == LogInputKind.ManifestRead)
        {
            if (_state.Ownership.OnRead(input.Manifest) == Verdict.Fenced)
            {
                StopFor(LogEffectKind.Fenced, $"epoch {input.Manifest!.Epoch} has another owner");
            }

            return;
        }

        var purpose = _state.Proposals.Purpose;
        switch (_state.Proposals.OnResult(input.Manifest))
        {
            case true when purpose == ProposalPurpose.Claim:
                _state.Recovery.Begin();
                break;
            case true when purpose == ProposalPurpose.Open:
                Open();
                break;
            case true:
                _state.Trimming.OnTrimmed();
                break;
            case false when purpose == ProposalPurpose.Claim && _state.Carried is null:
                _state.Ownership.ClaimAgain(input.Deadline);
                break;
            case false:
                StopFor(LogEffectKind.Fenced, $"epoch {_state.Core.Manifest.Epoch} has another owner");
                break;
        }
    }

    private void Advance()
    {
        _state.Proposals.Retry();
        _state.Succession.Advance();
        if (_state.Core.Phase == LogPhase.Claiming)
        {
            _state.Ownership.Advance(null);
        }

        if (_state.Core.Phase is LogPhase.Sealing or LogPhase.Loading or LogPhase.Repairing or LogPhase.Closing)
        {
            Recover();
        }

        if (_state.Core.Phase == LogPhase.Serving)
        {
            Serve(_state.Writer!);
        }
    }

    private void Recover()
    {
        _state.Succession.Prepare(new SegmentId(_state.Core.Manifest.Epoch, _state.Core.Manifest.NextNumber));
        _state.Recovery.Advance();
        if (_state.Core.Phase == LogPhase.Closing && _state.Succession.IsReady && !_state.Succession.IsClosing)
        {
            var end = _state.Recovery.Found.End ?? _state.Core.Manifest.ClosedEnd;
            _state.Succession.Close(_state.Recovery.Close(), end);
        }
    }

    private void Serve(SegmentWriter writer)
    {
        writer.Commit(OnCommit);
        _state.Replication.DropLaggards(writer);
        if (_state.Ownership.IsStuck(writer, _state.Succession))
        {
            TakeOverFromItself(writer);
            return;
        }

        _state.Rolling.Advance(writer);
        if (!_state.Succession.IsClosing)
        {
            Obey(_state.Trimming.Advance(writer));
        }

        if (!writer.IsEncoding && writer.ActiveCount >= writer.Segment.Quorum)
        {
            if (_state.IsPumped && WantsPump)
            {
                _state.Admission.CloseBlock(writer, _state.Memory, _state.WallTime);
            }
            else if (!_state.Rolling.IsFrozen && _state.Ownership.IsCommitFrameDue(writer, _state.Admission.IsEmpty))
            {
                writer.Close(FrameKind.Commit, 0, _state.Core.LastTime, _state.Memory.Window.Next, []);
            }
        }

        _state.IsPumped = false;
        if (!writer.IsEncoding)
        {
            _state.Replication.Send(writer);
        }

        writer.Release();
        _state.Ownership.Advance(writer);
    }

    private void OnCommit(LogFrame frame)
    {
        _state.Memory.Commit(frame.Sequence + 1, frame.WindowMark);
        foreach (var pending in frame.Replies)
        {
            _state.Admission.Reply(pending);
        }

        frame.Replies.Clear();
    }

    /// <summary>The segment prepared is the open one now.</summary>
    private void Open()
    {
        var open = _state.Core.Manifest.Open!;
        _state.Succession.OnOpened();
        _state.Rolling.Reset();
        if (_state.Writer is null)
        {
            _state.Memory = _state.Recovery.Replay!.Memory;
            _state.Core.LastTime = Math.Max(_state.Core.LastTime, _state.Recovery.Replay.LastTime);
            _state.Carried?.Resolve(_state.Admission, _state.Core, _state.Recovery.Found.Bytes);
            _state.Carried = null;
        }

        // What the old segment's stores have not answered does not matter any more: it is closed.
        _state.Core.Emit(new LogEffect(LogEffectKind.Release) { FrameEnd = _state.Core.NextFrame });
        _state.Writer = new SegmentWriter(_state.Core, open);
        _state.Memory.Rebase(_state.Core.NextFrame);
        _state.Core.Phase = LogPhase.Serving;
        _state.Ownership.OnOpened();
        _state.Core.Emit(new LogEffect(LogEffectKind.Opened) { Segment = open.Id, First = open.First });
        _state.Writer.Close(FrameKind.State, 0, _state.Core.LastTime, _state.Memory.Window.Next, []);
    }

    /// <summary>
    /// Too few of the open segment's stores work: seal it, recover it and go on with those that do, like any other
    /// owner would, but keep the queue and what is not answered yet.
    /// </summary>
    private void TakeOverFromItself(SegmentWriter writer)
    {
        _state.Carried = new Carried(writer);
        _state.Writer = null;
        _state.Rolling.Reset();
        _state.Succession.Reset();
        _state.Core.Phase = LogPhase.Claiming;
        _state.Ownership.Claim();
    }

    private void Expire()
    {
        _state.Admission.Expire();
        if (_state.Writer is not null)
        {
            _state.Admission.Expire(_state.Writer.Uncommitted);
        }
        else if (_state.Carried is not null)
        {
            _state.Admission.Expire(_state.Carried.Frames);
        }
    }

    private void Obey(Verdict verdict)
    {
        switch (verdict)
        {
            case Verdict.CheckOwner:
                _state.Ownership.Read();
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
        _state.Core.Phase = LogPhase.Stopped;
        var frames = _state.Writer?.Uncommitted ?? _state.Carried?.Frames ?? [];
        foreach (var pending in frames.SelectMany(f => f.Replies))
        {
            _state.Admission.Reply(pending.Part.Slice, LogReply.OutcomeUnknown);
        }

        _state.Admission.RefuseAll();
        _state.Core.Emit(new LogEffect(why) { Detail = detail });
    }
}
