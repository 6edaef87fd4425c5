using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Inputs;
using Pipeline.Kernel.Logs.Writing;

namespace Pipeline.Kernel.Logs.Taking;

/// <summary>
/// Lets go of old segments. Invariants: the manifest says so first, blobs are deleted later; the low water mark never
/// goes back and never passes the commit; the last closed segment stays until the open one's state is committed,
/// because a takeover of an empty segment needs it.
/// </summary>
internal sealed class Trimming(LogCore core, Proposals proposals)
{
    private LogOffset _lowWater;
    private long _keptNumber;
    private LogOffset _keptFirst;
    private long _deletedTo;
    private SegmentIndexLink? _previousIndex;

    public Trimming Copy(LogCore to, Proposals ownProposals) => new(to, ownProposals)
    {
        _lowWater = _lowWater,
        _keptNumber = _keptNumber,
        _keptFirst = _keptFirst,
        _deletedTo = _deletedTo,
        _previousIndex = _previousIndex,
    };

    public void Encode(ByteWriter to)
    {
        to.Int64(_lowWater.Value);
        to.Int64(_keptNumber);
        to.Int64(_deletedTo);
    }

    public void Request(in LogInput input)
    {
        if (input.LowWater > _lowWater || input.KeptNumber > _keptNumber)
        {
            _lowWater = input.LowWater > _lowWater ? input.LowWater : _lowWater;
            _keptNumber = Math.Max(_keptNumber, input.KeptNumber);
            _keptFirst = input.KeptFirst > _keptFirst ? input.KeptFirst : _keptFirst;
        }
    }

    /// <summary>Trims what was asked for; says whether the owner may go on.</summary>
    public Verdict Advance(SegmentWriter writer)
    {
        // A segment that was open may lie before the low water mark since it was closed.
        var isDue = _lowWater > core.Manifest.LowWater || _keptNumber > core.Manifest.FirstNumber;
        if (!proposals.IsIdle || !isDue || !writer.HeadCommitted)
        {
            return Verdict.Continue;
        }

        if (_lowWater > writer.Committed || _keptNumber > writer.Segment.Id.Number)
        {
            // Only committed events are trimmed. Who asks has seen more of them than this owner: those of a successor.
            (_lowWater, _keptNumber, _keptFirst) =
                (core.Manifest.LowWater, core.Manifest.FirstNumber, core.Manifest.First);
            return Verdict.CheckOwner;
        }

        LogCore.Require(_keptFirst <= _lowWater, "the segment of the low water mark is kept");
        if (core.Has(LogFlaws.DeleteBeforePublish))
        {
            Delete(_keptNumber, null);
        }

        var closed = core.Manifest.Closed.Where(s => s.Id.Number >= _keptNumber).ToList();
        _previousIndex = core.Manifest.Index;
        var keepsIndex = core.Manifest.Closed.Count == 0 || _keptNumber < core.Manifest.Closed[0].Id.Number;
        proposals.Begin(ProposalPurpose.Trim, core.Manifest with
        {
            Version = core.Manifest.Version + 1,
            LowWater = _lowWater > core.Manifest.LowWater ? _lowWater : core.Manifest.LowWater,
            FirstNumber = Math.Max(core.Manifest.FirstNumber, _keptNumber),
            First = _keptFirst > core.Manifest.First ? _keptFirst : core.Manifest.First,
            Closed = closed,
            Index = keepsIndex ? core.Manifest.Index : null,
        });
        return Verdict.Continue;
    }

    public void OnTrimmed()
    {
        Delete(core.Manifest.FirstNumber, core.Manifest.Index is null ? _previousIndex : null);
        _previousIndex = null;
    }

    private void Delete(long below, SegmentIndexLink? index)
    {
        if (below > _deletedTo)
        {
            core.Emit(new LogEffect(LogEffectKind.Delete) { Position = _deletedTo, Length = below });
            _deletedTo = below;
        }

        if (index is not null)
        {
            core.Emit(new LogEffect(LogEffectKind.DeleteIndex) { IndexLink = index });
        }
    }
}
