namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// The clock of somebody who looks from time to time how long something has been at rest. While he could not look it
/// stands still, but for one interval: a process that did not run has not seen the events that waited at its door.
/// </summary>
internal sealed class AttendedTime(TimeProvider time, TimeSpan interval)
{
    private long _left = time.GetElapsedTime(0).Ticks;

    /// <summary>Ticks, of a clock that never goes back.</summary>
    public long Now { get; private set; }

    /// <summary>The look that is under way is the first one after a time without.</summary>
    public bool WasAway { get; private set; }

    public void Begin()
    {
        var gap = Elapse();
        WasAway = gap > 2 * interval.Ticks;
        Now += WasAway ? interval.Ticks : gap;
    }

    public void End() => Now += Elapse();

    /// <summary>Whether what waited at the door may be overlooked for a rest of this length.</summary>
    public bool IsTooEarlyFor(TimeSpan rest) => WasAway && rest < 4 * interval;

    private long Elapse()
    {
        var (before, now) = (_left, time.GetElapsedTime(0).Ticks);
        _left = now;
        return now - before;
    }
}
