using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs;

/// <summary>One effect; which fields mean something is said by <see cref="LogEffectKind"/>.</summary>
public readonly record struct LogEffect(LogEffectKind Kind)
{
    public StoreId Store { get; init; }

    public StoreId Source { get; init; }

    public SegmentId Segment { get; init; }

    public long Position { get; init; }

    public long Length { get; init; }

    /// <summary>Sequence number of a frame: counts the frames of an owner, over all its segments.</summary>
    public long Frame { get; init; }

    public long FrameEnd { get; init; }

    public FrameKind FrameKind { get; init; }

    public LogOffset First { get; init; }

    public int Count { get; init; }

    public LogOffset Commit { get; init; }

    /// <summary>Acceptance time of a frame, ticks UTC.</summary>
    public long Time { get; init; }

    /// <summary>Reply, AddPart: the driver's number for the request.</summary>
    public int Slice { get; init; }

    public LogReply Reply { get; init; }

    /// <summary>Reply: events that were there before.</summary>
    public int Duplicates { get; init; }

    /// <summary>Reply: where the events lie if that is not the one run (First, Count).</summary>
    public IReadOnlyList<LogRun>? Runs { get; init; }

    /// <summary>AddPart: the numbers of the events to keep, ascending; null: all.</summary>
    public IReadOnlyList<int>? Kept { get; init; }

    /// <summary>Reply: the number a producer must send next.</summary>
    public long Expected { get; init; }

    /// <summary>Reply: the last origin of a platform producer.</summary>
    public Origin Last { get; init; }

    public LogManifest? Manifest { get; init; }

    public ClosedSegment? Closed { get; init; }

    public SegmentIndex? Index { get; init; }

    public SegmentIndexLink? IndexLink { get; init; }

    /// <summary>For people.</summary>
    public string? Detail { get; init; }
}
