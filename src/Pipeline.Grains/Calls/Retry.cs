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
    private TimeSpan _patience = FirstPatience;

    /// <summary>
    /// How long the next attempt may take: a dead silo never answers, a busy one is slow. No longer than what is left
    /// of the limit, but for the shortest attempt that can succeed.
    /// </summary>
    public TimeSpan Patience => Less(_patience, More(Left, FirstPatience));

    /// <summary>What is left of the limit.</summary>
    private TimeSpan Left => limit - time.GetElapsedTime(_start);

    /// <summary>Waits before the next attempt; false where there is to be none.</summary>
    public async ValueTask<bool> AgainAsync(bool wasSilent, CancellationToken cancellationToken)
    {
        if (_pause >= Left)
        {
            return false;
        }

        await Task.Delay(_pause, time, cancellationToken);
        _pause = Less(_pause * 2, LongestPause);
        _patience = wasSilent ? Less(_patience * 2, LongestPatience) : _patience;
        return true;
    }

    private static TimeSpan More(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static TimeSpan Less(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
