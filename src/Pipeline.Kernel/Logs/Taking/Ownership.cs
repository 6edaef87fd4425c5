using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Logs.Writing;

namespace Pipeline.Kernel.Logs.Taking;

/// <summary>Becoming the owner, noticing that one is not any more, and seeing that one is stuck.</summary>
internal sealed class Ownership(LogCore core, Proposals proposals)
{
    private bool _isReading;
    private int _attempts;
    private long _claimAt = long.MaxValue;
    private long _stuckSince = long.MaxValue;
    private long _checkAt = long.MaxValue;

    public Ownership Copy(LogCore to, Proposals ownProposals) => new(to, ownProposals)
    {
        _isReading = _isReading,
        _attempts = _attempts,
        _claimAt = _claimAt,
        _stuckSince = _stuckSince,
        _checkAt = _checkAt,
    };

    public void Encode(ByteWriter to)
    {
        to.Bool(_isReading);
        core.EncodeTime(to, _claimAt);
        core.EncodeTime(to, _stuckSince);
        core.EncodeTime(to, _checkAt);
    }

    /// <summary>Reads the manifest: to claim it, or to see whether it is still one's own.</summary>
    public void Read()
    {
        _claimAt = long.MaxValue;
        if (!_isReading)
        {
            _isReading = true;
            core.Emit(new LogEffect(LogEffectKind.ReadManifest));
        }
    }

    public Verdict OnRead(LogManifest? manifest)
    {
        _isReading = false;
        _checkAt = core.Now + core.Options.OwnerCheckTicks;
        if (core.Phase == LogPhase.Claiming && proposals.IsIdle)
        {
            if (manifest is null)
            {
                _claimAt = core.RetryAt(_attempts++);
                return Verdict.Continue;
            }

            core.Manifest = manifest;
            Claim();
            return Verdict.Continue;
        }

        return manifest is not null && manifest.Epoch.CompareTo(core.Manifest.Epoch) > 0
            && !(proposals.Pending is { } pending && pending.Epoch == manifest.Epoch && manifest.Owner == core.Owner)
            ? Verdict.Fenced
            : Verdict.Continue;
    }

    public void Claim() => proposals.Begin(ProposalPurpose.Claim, core.Manifest with
    {
        Version = core.Manifest.Version + 1,
        Epoch = core.Manifest.Epoch.Next(),
        Owner = core.Owner,
        IsRecovering = true,
    });

    /// <summary>Another host was faster: wait a random while, then read and claim again.</summary>
    public void ClaimAgain(long jitter) => _claimAt = core.Now + core.Options.RetryTicks + jitter;

    public void OnOpened()
    {
        _attempts = 0;
        _stuckSince = long.MaxValue;
        _checkAt = core.Now + core.Options.OwnerCheckTicks;
    }

    /// <summary>
    /// Claims when it is time to; an owner that has not committed for a while looks whether it still is one.
    /// </summary>
    public void Advance(SegmentWriter? writer)
    {
        if (writer is null)
        {
            if (core.Phase == LogPhase.Claiming && core.Now >= _claimAt)
            {
                Read();
            }
        }
        else if (core.Now >= _checkAt)
        {
            _checkAt = core.Now + core.Options.OwnerCheckTicks;
            if (core.Now >= writer.LastCommitAt + core.Options.OwnerCheckTicks)
            {
                Read();
            }
        }
    }

    /// <summary>
    /// Fewer active stores than a majority, or no commit for long while a store that is not in the segment is well.
    /// </summary>
    public bool IsStuck(SegmentWriter writer, Succession succession)
    {
        if (!proposals.IsIdle || succession.IsClosing)
        {
            return false;
        }

        if (writer.ActiveCount < writer.Segment.Quorum)
        {
            _stuckSince = Math.Min(_stuckSince, core.Now);
            return core.Now >= _stuckSince + core.Options.RetryTicks;
        }

        _stuckSince = long.MaxValue;
        return !writer.AllCommitted
            && writer.Uncommitted.FirstOrDefault() is { } oldest
            && core.Now >= oldest.ClosedAt + core.Options.StallTicks
            && core.Members.Any(m => succession.IsCreatedOn(m)
                && !writer.IsActive(m));
    }

    /// <summary>The log is idle, and its last frame does not say that it is committed.</summary>
    public bool IsCommitFrameDue(SegmentWriter writer, bool isQueueEmpty) =>
        isQueueEmpty && writer.AllCommitted && writer.LastCommitWritten < writer.Committed
        && core.Now >= writer.LastCommitAt + core.Options.CommitIdleTicks;

    public long NextTick(SegmentWriter? writer, bool isFrozen)
    {
        if (core.Phase == LogPhase.Claiming)
        {
            return _claimAt;
        }

        var next = writer is null ? long.MaxValue : _checkAt;
        if (writer is not null && _stuckSince != long.MaxValue && proposals.IsIdle)
        {
            next = Math.Min(next, _stuckSince + core.Options.RetryTicks);
        }

        if (writer is { AllCommitted: true } && !isFrozen && writer.LastCommitWritten < writer.Committed
            && writer.ActiveCount >= writer.Segment.Quorum)
        {
            next = Math.Min(next, writer.LastCommitAt + core.Options.CommitIdleTicks);
        }

        return next;
    }
}
