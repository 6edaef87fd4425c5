using Pipeline.Simulation.Loops;

namespace Pipeline.Simulation.Clocks;

/// <summary>
/// A timer in virtual time; its callback runs on its loop, and never once the loop's node has crashed.
/// </summary>
public sealed class SimulatedTimer(SimulatedLoop loop, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private int _version;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        loop.Queue.AssertThread();
        _version++;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Arm(dueTime);
        }

        return true;
    }

    public void Dispose() => _version++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Arm(TimeSpan dueTime)
    {
        var version = _version;
        loop.Queue.After(dueTime, () =>
        {
            if (version == _version)
            {
                loop.Post(_ => Fire(version), null);
            }
        });
    }

    private void Fire(int version)
    {
        if (version != _version)
        {
            return;
        }

        if (_period > TimeSpan.Zero)
        {
            Arm(_period);
        }

        callback(state);
    }
}
