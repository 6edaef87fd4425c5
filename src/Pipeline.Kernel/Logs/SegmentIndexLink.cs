using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs;

/// <summary>
/// Names the newest index blob: an immutable list of older closed segments that links to the one before it.
/// </summary>
/// <param name="Hash">SHA-256 of the blob; part of its name.</param>
/// <param name="Segments">Closed segments in the whole chain.</param>
/// <param name="Bytes">Bytes of those segments.</param>
public sealed record SegmentIndexLink(Hash256 Hash, int Segments, long Bytes);
