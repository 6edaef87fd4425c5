namespace Pipeline.Processing.Webhooks;

/// <summary>
/// A circuit breaker over one target: after some failures in a row it opens; then one event at a time is tried, after
/// waits that grow, until one is taken. Ticks of a clock that does not jump.
/// </summary>
internal sealed class WebhookCircuit(WebhookBackoff backoff)
{
    private const int MostFailures = 5;
    private int _failures;
    private int _openings;
    private long _opened;
    private long _asked;

    public bool IsOpen => _failures >= MostFailures;

    /// <summary>From when on anything may be sent.</summary>
    public long From => Math.Max(_opened, _asked);

    /// <summary>How many may be under way at once.</summary>
    public int Most(int concurrency) => IsOpen ? 1 : concurrency;

    public void Succeed() => (_failures, _openings, _opened) = (0, 0, 0);

    /// <param name="now">The time, ticks.</param>
    /// <param name="wait">What the target asked for.</param>
    public void Fail(long now, TimeSpan? wait)
    {
        _failures++;

        // Those that were under way together fail together: that opens it once.
        if (IsOpen && now >= _opened)
        {
            _opened = now + backoff.After(++_openings).Ticks;
        }

        if (wait is { } asked)
        {
            _asked = Math.Max(_asked, now + asked.Ticks);
        }
    }
}
