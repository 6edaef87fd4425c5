using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Deduplicating;
using Pipeline.Kernel.Logs.Taking;
using Pipeline.Kernel.Logs.Writing;

namespace Pipeline.Kernel.Logs.Owning;

/// <summary>All that a log's machine remembers.</summary>
internal sealed class LogState
{
    public LogState(LogCore core)
    {
        Core = core;
        Memory = new Deduplication(core.Options);
        Admission = new Admission(core);
        Replication = new Replicator(core);
        Proposals = new Proposals(core);
        Succession = new Succession(core, Proposals);
        Rolling = new Rolling(core, Succession);
        Recovery = new Recovery(core);
        Trimming = new Trimming(core, Proposals);
        Ownership = new Ownership(core, Proposals);
        Reservations = new Reservations();
    }

    private LogState(LogState from)
    {
        Core = from.Core.Copy();
        Memory = from.Memory.Copy();
        Admission = from.Admission.Copy(Core);
        Replication = new Replicator(Core);
        Proposals = from.Proposals.Copy(Core);
        Succession = from.Succession.Copy(Core, Proposals);
        Rolling = from.Rolling.Copy(Core, Succession);
        Recovery = from.Recovery.Copy(Core);
        Trimming = from.Trimming.Copy(Core, Proposals);
        Ownership = from.Ownership.Copy(Core, Proposals);
        Reservations = from.Reservations.Copy();
        Writer = from.Writer?.Copy(Core);
        Carried = from.Carried?.Copy();
        (IsPumped, WallTime) = (from.IsPumped, from.WallTime);
    }

    public LogCore Core { get; }

    public Admission Admission { get; }

    public Replicator Replication { get; }

    public Proposals Proposals { get; }

    public Succession Succession { get; }

    public Rolling Rolling { get; }

    public Recovery Recovery { get; }

    public Trimming Trimming { get; }

    public Ownership Ownership { get; }

    public Reservations Reservations { get; }

    public Deduplication Memory { get; set; }

    /// <summary>The open segment; null before it is open, and while the log is recovered.</summary>
    public SegmentWriter? Writer { get; set; }

    /// <summary>What an owner that takes over from itself has not answered; else null.</summary>
    public Carried? Carried { get; set; }

    /// <summary>A block may be closed in this step.</summary>
    public bool IsPumped { get; set; }

    /// <summary>The wall clock at the last pump, ticks UTC.</summary>
    public long WallTime { get; set; }

    public LogOffset Committed => Writer?.Committed ?? Carried?.Committed ?? Core.Manifest.ClosedEnd;

    public bool IsQuiet => Admission.IsEmpty && Carried is null && Writer is null or { AllCommitted: true };

    public bool WantsPump =>
        Writer is { IsEncoding: false } && !Admission.IsEmpty
        && Writer.UncommittedBlocks < Core.Options.MaxUncommittedBlocks
        && (!Rolling.IsFrozen || Core.Has(LogFlaws.AcknowledgeWhileRolling));

    public long NextTick
    {
        get
        {
            if (Core.Phase is LogPhase.Idle or LogPhase.Stopped)
            {
                return long.MaxValue;
            }

            var next = Math.Min(Proposals.RetryAt, Ownership.NextTick(Writer, Rolling.IsFrozen));
            next = Math.Min(next, Succession.NextTick());
            next = Math.Min(next, Admission.NextTick(Writer is { AllCommitted: false } || Carried is not null));
            return Writer is null
                ? Math.Min(next, Recovery.NextTick())
                : Math.Min(next, Math.Min(Replication.NextTick(Writer), Rolling.NextTick(Writer)));
        }
    }

    /// <summary>The same state once more, sharing nothing that changes.</summary>
    public LogState Copy() => new(this);

    /// <summary>Writes what tells this state from another: equal states write the same bytes.</summary>
    public void Encode(ByteWriter to)
    {
        Core.Encode(to);
        Memory.Save(to);
        Admission.Encode(to);
        Proposals.Encode(to);
        Succession.Encode(to);
        Rolling.Encode(to);
        Recovery.Encode(to);
        Trimming.Encode(to);
        Ownership.Encode(to);
        to.Bool(Writer is not null);
        Writer?.Encode(to);
        to.Bool(Carried is not null);
        Carried?.Encode(to);
    }
}
