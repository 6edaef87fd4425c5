namespace Pipeline.Kernel.Identity;

/// <summary>One partition of a stream, as users see it: "readings/3".</summary>
public readonly record struct PartitionId(StreamName Stream, int Index)
{
    public override string ToString() => $"{Stream}/{Index}";
}
