namespace Pipeline.Kernel.Stages;

/// <summary>
/// How far a stage instance has read: the next event's offset, and the block it read last (control parts take no
/// offsets, so only the block says which of them were seen). Segment -1: no block yet.
/// </summary>
public readonly record struct StageCursor(long Offset, long Segment, int Block)
{
    public static StageCursor Start => new(0, -1, -1);

    public static StageCursor At(long offset) => new(offset, -1, -1);

    public bool HasBlock => Segment >= 0;
}
