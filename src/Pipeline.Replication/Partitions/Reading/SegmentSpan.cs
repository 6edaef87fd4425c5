using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Partitions.Reading;

/// <summary>
/// A segment as a reader sees it: the bytes that may be read, which for the open one end at the commit.
/// </summary>
internal readonly record struct SegmentSpan(SegmentId Id, LogOffset First, LogOffset End, long Bytes, long LastTime);
