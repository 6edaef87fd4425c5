namespace Pipeline.Replication.Loops;

/// <summary>The clock of a loop: timers run their callbacks on the loop, in the order they are due.</summary>
internal sealed class LoopClock(ILoop loop, TimeProvider source) : TimeProvider
{
    private readonly PriorityQueue<LoopTimer, long> _due = new();

    public override long TimestampFrequency => source.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => source.GetUtcNow();

    public override long GetTimestamp() => source.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new LoopTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Posts what is due; returns how long until the next timer, or infinite.</summary>
    public TimeSpan FireDue()
    {
        while (_due.TryPeek(out var timer, out var at))
        {
            var now = GetTimestamp();
            if (timer.DueAt != at)
            {
                _due.Dequeue();
            }
            else if (at <= now)
            {
                _due.Dequeue();
                timer.Fire();
            }
            else
            {
                // One millisecond is what a sleeping thread can tell apart.
                return TimeSpan.FromMilliseconds(Math.Ceiling(source.GetElapsedTime(now, at).TotalMilliseconds));
            }
        }

        return Timeout.InfiniteTimeSpan;
    }

    /// <summary>Queues the timer for its due time; from any thread.</summary>
    internal void Schedule(LoopTimer timer, long at)
    {
        if (loop.IsCurrent)
        {
            _due.Enqueue(timer, at);
        }
        else
        {
            loop.Post(static work => ((Later)work!).Enqueue(), new Later(this, timer, at));
        }
    }

    internal void Post(Action<object?> work, object? state) => loop.Post(work, state);

    internal long TimestampAfter(TimeSpan span) =>
        GetTimestamp() + (long)(span.TotalSeconds * source.TimestampFrequency);

    private sealed class Later(LoopClock clock, LoopTimer timer, long at)
    {
        public void Enqueue() => clock._due.Enqueue(timer, at);
    }
}
