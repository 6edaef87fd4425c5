namespace Pipeline.Kernel.Stages;

/// <summary>A stream that a stage writes.</summary>
/// <param name="Stream">The number the catalog gave the stream.</param>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="IsKeyed">Records without key go where the empty key goes, so that they meet; else each stays in the
/// partition with its input's number.</param>
public sealed record StageTarget(long Stream, int Partitions, bool IsKeyed);
