namespace Pipeline.Replication.Loops;

/// <summary>
/// How long to wait before what failed is begun again: a tenth of a second, twice as long each time, up to a bound.
/// </summary>
internal sealed class RestartDelay(TimeSpan longest)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private TimeSpan _next = First;

    /// <summary>It failed: how long to wait.</summary>
    public TimeSpan Next()
    {
        var next = _next;
        _next = next > longest / 2 ? longest : 2 * next;
        return next;
    }

    /// <summary>It worked; true where it had failed before.</summary>
    public bool Reset()
    {
        var hadFailed = _next != First;
        _next = First;
        return hadFailed;
    }
}
