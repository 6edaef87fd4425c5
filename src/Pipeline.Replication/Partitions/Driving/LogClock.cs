namespace Pipeline.Replication.Partitions.Driving;

/// <summary>The clock a log's machine sees, and the one timer that wakes it.</summary>
internal sealed class LogClock
{
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;

    public LogClock(TimeProvider time, Action onTick)
    {
        _time = time;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(
            _ =>
            {
                _armedFor = long.MaxValue;
                onTick();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Monotone, in ticks.</summary>
    public long Now => _time.GetElapsedTime(_origin).Ticks;

    /// <summary>The wall clock, ticks UTC.</summary>
    public long WallTime => _time.GetUtcNow().UtcTicks;

    /// <summary>Makes sure that a tick comes no later than at <paramref name="at"/>.</summary>
    public void Arm(long at)
    {
        if (at >= _armedFor)
        {
            return;
        }

        _armedFor = at;
        var delay = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, at - Now));
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    public void Stop() => _timer.Dispose();
}
