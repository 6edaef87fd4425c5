namespace Pipeline.Kernel.Stages;

/// <summary>The state of a stage instance takes more memory than it may; the instance stops.</summary>
public sealed class StateLimitException(long bytes, long limit) : Exception(Text(bytes, limit))
{
    /// <summary>Both in bytes.</summary>
    public static void ThrowIfOver(long bytes, long limit)
    {
        if (bytes > limit)
        {
            throw new StateLimitException(bytes, limit);
        }
    }

    internal static string Text(long bytes, long limit) => $"the state takes {bytes} bytes of memory, more than the "
        + $"{limit} that an instance may have (Pipeline:Stages:StateBytes): make windows shorter, group by less, or "
        + "use more partitions";
}
