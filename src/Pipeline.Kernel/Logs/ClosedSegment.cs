using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs;

/// <summary>A segment that will never grow again.</summary>
public sealed record ClosedSegment
{
    public required SegmentId Id { get; init; }

    /// <summary>Offset of its first event.</summary>
    public required LogOffset First { get; init; }

    /// <summary>The offset after its last event.</summary>
    public required LogOffset End { get; init; }

    /// <summary>
    /// Bytes that belong to the log: a copy may hold more (never acknowledged) or fewer (then a fix has the rest).
    /// </summary>
    public required long Bytes { get; init; }

    /// <summary>Frames in those bytes.</summary>
    public required int Frames { get; init; }

    /// <summary>Acceptance time of its first events, ticks UTC; 0 without events.</summary>
    public required long FirstTime { get; init; }

    /// <summary>Acceptance time of its last events, ticks UTC; 0 without events.</summary>
    public required long LastTime { get; init; }

    /// <summary>SHA-256 of those bytes.</summary>
    public required Hash256 Hash { get; init; }

    /// <summary>The incarnations it was written on.</summary>
    public required IReadOnlyList<StoreId> Stores { get; init; }
}
