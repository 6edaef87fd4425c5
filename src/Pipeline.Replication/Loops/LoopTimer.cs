namespace Pipeline.Replication.Loops;

/// <summary>
/// One timer of a loop. A change makes what was queued before stale: its due time does not match any more.
/// </summary>
internal sealed class LoopTimer(LoopClock clock, TimerCallback callback, object? state) : ITimer
{
    private const long Never = long.MinValue;
    private readonly Action<object?> _fire = new(callback);
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private long _dueAt = Never;

    /// <summary>The clock's timestamp at which it fires next.</summary>
    public long DueAt => Volatile.Read(ref _dueAt);

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        if (dueTime == Timeout.InfiniteTimeSpan)
        {
            Volatile.Write(ref _dueAt, Never);
            return true;
        }

        var at = clock.TimestampAfter(dueTime);
        Volatile.Write(ref _dueAt, at);
        clock.Schedule(this, at);
        return true;
    }

    public void Dispose() => Volatile.Write(ref _dueAt, Never);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire()
    {
        if (_period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero)
        {
            Volatile.Write(ref _dueAt, Never);
        }
        else
        {
            Change(_period, _period);
        }

        clock.Post(_fire, state);
    }
}
