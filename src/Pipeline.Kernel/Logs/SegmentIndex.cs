namespace Pipeline.Kernel.Logs;

/// <summary>One index blob: closed segments in order, and the link to older ones.</summary>
public sealed record SegmentIndex(SegmentIndexLink? Older, IReadOnlyList<ClosedSegment> Segments);
