namespace Pipeline.Runtime.Loops;

/// <summary>How long to wait before what failed is begun again: twice as long each time, up to a bound.</summary>
internal sealed class RestartDelay
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private TimeSpan _next = First;

    /// <summary>It failed: how long to wait.</summary>
    public TimeSpan Next()
    {
        var next = _next;
        _next = next > Longest / 2 ? Longest : 2 * next;
        return next;
    }

    /// <summary>It worked.</summary>
    public void Reset() => _next = First;
}
