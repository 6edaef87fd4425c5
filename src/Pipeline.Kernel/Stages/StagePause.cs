namespace Pipeline.Kernel.Stages;

/// <summary>Where a stage instance paused within a block.</summary>
/// <param name="Segment">The block's segment; -1: it did not pause.</param>
/// <param name="Block">The block in it.</param>
/// <param name="Part">The block's parts before this one are done.</param>
/// <param name="Offset">The part's events before this offset are done.</param>
internal readonly record struct StagePause(long Segment, int Block, int Part, long Offset)
{
    public static StagePause None => new(-1, -1, -1, -1);
}
