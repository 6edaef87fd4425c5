using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs;

/// <summary>
/// The segment that is written. Its blob was created on each of <paramref name="Stores"/> before the manifest named
/// it; it exists, or ever existed, nowhere else unless a takeover created it there sealed.
/// </summary>
/// <param name="Id">Epoch and number.</param>
/// <param name="First">Offset of its first event.</param>
/// <param name="Quorum">How many of the stores must hold a frame before it is committed.</param>
/// <param name="Stores">The incarnations that have it.</param>
public sealed record OpenSegment(SegmentId Id, LogOffset First, int Quorum, IReadOnlyList<StoreId> Stores);
