namespace Pipeline.Kernel.Identity;

/// <summary>
/// The log of one partition on the stores. <paramref name="Stream"/> is the number the catalog gave the stream when
/// it was born; it is never given again, so a stream deleted and created anew under the same name has other blobs.
/// </summary>
public readonly record struct LogId(long Stream, int Partition)
{
    public override string ToString() => $"{Stream}/{Partition}";
}
