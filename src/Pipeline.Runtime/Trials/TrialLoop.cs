using Pipeline.Replication.Loops;

namespace Pipeline.Runtime.Trials;

/// <summary>
/// The clock of a trial, which stands still until it is moved, and the loop of what lives by it: all is done at once,
/// on the caller's thread.
/// </summary>
internal sealed class TrialLoop(long begun) : TimeProvider, ILoop
{
    private long _elapsed;

    /// <summary>Ticks UTC.</summary>
    public long Now => begun + _elapsed;

    public TimeProvider Time => this;

    public Supervisor Supervisor { get; } = new();

    public bool IsCurrent => true;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed;

    public override DateTimeOffset GetUtcNow() => new(Now, TimeSpan.Zero);

    public void Post(Action<object?> work, object? state) => work(state);

    public void MoveTo(long ticks) => _elapsed = Math.Max(_elapsed, ticks - begun);
}
