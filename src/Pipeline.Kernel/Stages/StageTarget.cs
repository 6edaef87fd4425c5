using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Stages;

/// <summary>A stream that a stage writes.</summary>
/// <param name="Stream">The number the catalog gave the stream.</param>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="IsKeyed">Records without key go where the empty key goes, so that they meet; else each stays in the
/// partition with its input's number.</param>
/// <param name="Hash">How its keys find their partitions.</param>
public sealed record StageTarget(long Stream, int Partitions, bool IsKeyed, KeyHash Hash = KeyHash.ByValue);
