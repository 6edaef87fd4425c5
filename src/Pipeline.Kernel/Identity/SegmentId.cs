namespace Pipeline.Kernel.Identity;

/// <summary>One segment of a log: the epoch of the owner that opened it and its number in the log, from 0.</summary>
public readonly record struct SegmentId(Epoch Epoch, long Number)
{
    public override string ToString() => $"{Epoch}-{Number}";
}
