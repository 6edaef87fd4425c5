using Pipeline.Replication.Loops;

namespace Pipeline.Replication.Tests.Registers;

/// <summary>A loop on which, while it is armed, no timer can be made that is due within two seconds.</summary>
internal sealed class FaultyTimers(ILoop loop) : TimeProvider, ILoop
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private volatile bool _isArmed;

    public bool IsArmed
    {
        get => _isArmed;
        set => _isArmed = value;
    }

    public TimeProvider Time => this;

    public Supervisor Supervisor => loop.Supervisor;

    public bool IsCurrent => loop.IsCurrent;

    public override long TimestampFrequency => loop.Time.TimestampFrequency;

    public void Post(Action<object?> work, object? state) => loop.Post(work, state);

    public override DateTimeOffset GetUtcNow() => loop.Time.GetUtcNow();

    public override long GetTimestamp() => loop.Time.GetTimestamp();

    /// <summary>The first one throws; what goes on after it may make timers again.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (IsArmed && dueTime > TimeSpan.Zero && dueTime < Soon)
        {
            IsArmed = false;
            throw new InvalidOperationException("planned");
        }

        return loop.Time.CreateTimer(callback, state, dueTime, period);
    }
}
