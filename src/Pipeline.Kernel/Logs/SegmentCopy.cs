using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs;

/// <summary>What a takeover found on one store after sealing a segment there.</summary>
/// <param name="Condition">Whether the copy is a witness.</param>
/// <param name="Bytes">Bytes of whole, good frames from the start.</param>
/// <param name="Frames">Whole, good frames from the start.</param>
/// <param name="End">The offset after the last of them; null where there are none.</param>
/// <param name="HighestCommit">The highest commit offset in any valid frame of the copy, wherever it lies.</param>
public readonly record struct SegmentCopy(
    SegmentCondition Condition, long Bytes, int Frames, LogOffset? End, LogOffset HighestCommit);
