using Pipeline.Simulation.Loops;

namespace Pipeline.Simulation.Clocks;

/// <summary>Virtual time as one loop sees it: its wall clock may be wrong and jump, its timers are exact.</summary>
public sealed class SimulatedTime(SimulatedLoop loop) : TimeProvider
{
    /// <summary>When every world begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => loop.Queue.Now;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(loop.Queue.Now + loop.Node.ClockSkew);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        loop.Queue.AssertThread();
        var timer = new SimulatedTimer(loop, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
