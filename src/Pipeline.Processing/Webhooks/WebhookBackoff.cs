namespace Pipeline.Processing.Webhooks;

/// <summary>How long to wait after failures one after the other: twice as long each time, with jitter.</summary>
internal sealed class WebhookBackoff(TimeSpan first, Random random)
{
    private const int MostDoublings = 16;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Between half and all of what falls to failure number <paramref name="failures"/>, from 1 on.</summary>
    public TimeSpan After(int failures)
    {
        var whole = Math.Min(first.Ticks << Math.Clamp(failures - 1, 0, MostDoublings), Longest.Ticks);
        return new TimeSpan((whole / 2) + random.NextInt64((whole / 2) + 1));
    }
}
