namespace Pipeline.Grains.Calls;

/// <summary>Bounds the attempts of one call: for how long, and how long each may take and the pauses last.</summary>
internal sealed class Retry(TimeProvider time, TimeSpan limit)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstPatience = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(10);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _pause = FirstPause;

    /// <summary>How long the next attempt may take: a dead silo never answers, a busy one is slow.</summary>
    public TimeSpan Patience { get; private set; } = FirstPatience;

    /// <summary>Waits before the next attempt; false where there is to be none.</summary>
    public async ValueTask<bool> AgainAsync(bool wasSilent, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_start) + _pause >= limit)
        {
            return false;
        }

        await Task.Delay(_pause, time, cancellationToken);
        _pause = Less(_pause * 2, LongestPause);
        Patience = wasSilent ? Less(Patience * 2, LongestPatience) : Patience;
        return true;
    }

    private static TimeSpan Less(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
