using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Inputs;
using Pipeline.Kernel.Logs.Writing;

namespace Pipeline.Kernel.Logs.Taking;

/// <summary>
/// Goes on to a new segment: when the open one is full, when somebody asks for it, or when a store that is not in
/// it is well again. The next
/// segment is created ahead; then no block is closed until all are committed (the freeze), the segment is hashed, and
/// the manifest changed. Invariant: nothing beyond the offset it is closed at is ever acknowledged.
/// </summary>
internal sealed class Rolling(LogCore core, Succession succession)
{
    private SortedDictionary<StoreId, Absence> _absences = [];
    private long _frozenAt = long.MaxValue;
    private bool _isHashing;
    private SegmentId? _requested;

    public Rolling Copy(LogCore to, Succession ownSuccession) => new(to, ownSuccession)
    {
        _absences = new(_absences),
        _frozenAt = _frozenAt,
        _isHashing = _isHashing,
        _requested = _requested,
    };

    public void Encode(ByteWriter to)
    {
        to.Bool(_isHashing);
        to.Int64(_requested?.Number ?? -1);
        core.EncodeTime(to, _frozenAt);
        foreach (var (store, absence) in _absences)
        {
            to.UInt128(store.Value);
            to.Bool(absence.IsAbsent);
            core.EncodeTime(to, absence.AskAt);
        }
    }

    /// <summary>No block may be closed.</summary>
    public bool IsFrozen => _frozenAt != long.MaxValue;

    /// <summary>This segment is to be closed although it is not full.</summary>
    public void Request(SegmentId open) => _requested = open;

    public void Advance(SegmentWriter writer)
    {
        if (succession.IsClosing || _isHashing)
        {
            return;
        }

        var next = new SegmentId(core.Manifest.Epoch, core.Manifest.NextNumber);
        if (!IsFrozen)
        {
            NoteAbsences(writer, next);
        }

        // A segment at least doubles its state frame, or a small one would be all state.
        var bytes = writer.Bytes - writer.HeadBytes;
        var fullBytes = Math.Max(core.Options.RollBytes, writer.HeadBytes);
        var isFull = bytes >= fullBytes || writer.FrameCount >= core.Options.RollFrames
            || (_requested == writer.Segment.Id && writer.Next > writer.Segment.First);
        if (isFull || bytes >= fullBytes / 4 * 3 || writer.FrameCount >= core.Options.RollFrames / 4 * 3)
        {
            succession.Prepare(next);
        }

        if (!IsFrozen && (isFull || IsSomeoneBack(writer)))
        {
            succession.Prepare(next);
            if (succession.IsReady && writer.HeadCommitted)
            {
                _frozenAt = core.Now;
            }
        }

        if (IsFrozen && (writer.AllCommitted || core.Has(LogFlaws.AcknowledgeWhileRolling)) && !writer.IsEncoding
            && (writer.AllActiveAcked || core.Now >= _frozenAt + core.Options.CloseGraceTicks))
        {
            _isHashing = true;
            core.Emit(new LogEffect(LogEffectKind.Hash) { Segment = writer.Segment.Id, Length = writer.Bytes });
        }
    }

    public void OnHashed(SegmentWriter writer, in LogInput input)
    {
        if (!_isHashing || input.Segment != writer.Segment.Id)
        {
            return;
        }

        _isHashing = false;
        if (!succession.IsReady)
        {
            // A member has gone since the freeze: start over.
            _frozenAt = long.MaxValue;
            return;
        }

        succession.Close(
            new ClosedSegment
            {
                Id = writer.Segment.Id,
                First = writer.Segment.First,
                End = writer.Next,
                Bytes = writer.Bytes,
                Frames = writer.FrameCount,
                FirstTime = writer.FirstEventTime,
                LastTime = writer.LastEventTime,
                Hash = input.Hash,
                Stores = writer.Segment.Stores,
            },
            writer.Next);
    }

    public void Reset()
    {
        _frozenAt = long.MaxValue;
        _isHashing = false;
    }

    public long NextTick(SegmentWriter writer)
    {
        if (succession.IsClosing || _isHashing)
        {
            return long.MaxValue;
        }

        var next = IsFrozen && writer.AllCommitted ? _frozenAt + core.Options.CloseGraceTicks : long.MaxValue;
        foreach (var (store, absence) in _absences)
        {
            if (absence.IsAbsent && core.IsMember(store) && !succession.IsCreatedOn(store))
            {
                next = Math.Min(next, Math.Max(absence.AskAt, core.Now + 1));
            }
        }

        return next;
    }

    /// <summary>Asks the stores that are not in the segment, ever more rarely, whether they are well again.</summary>
    private void NoteAbsences(SegmentWriter writer, SegmentId next)
    {
        foreach (var store in core.Members)
        {
            var isAbsent = !writer.IsActive(store);
            _absences.TryGetValue(store, out var absence);
            if (isAbsent && !absence.IsAbsent)
            {
                var delay = core.Options.TakeBackTicks << Math.Min(absence.Times, 5);
                absence = new Absence(true, absence.Times + 1, core.Now + delay);
                succession.Forget(store);
            }
            else if (!isAbsent && absence.IsAbsent)
            {
                absence = absence with { IsAbsent = false };
            }

            if (isAbsent && core.Now >= absence.AskAt)
            {
                absence = absence with { AskAt = core.Now + core.Options.TakeBackTicks };
                succession.PrepareOn(next, store);
            }

            _absences[store] = absence;
        }
    }

    private bool IsSomeoneBack(SegmentWriter writer) =>
        succession.Id is not null
        && _absences.Any(a => a.Value.IsAbsent && core.IsMember(a.Key) && succession.IsCreatedOn(a.Key))
        && writer.ActiveCount >= writer.Segment.Quorum;

    private readonly record struct Absence(bool IsAbsent, int Times, long AskAt);
}
