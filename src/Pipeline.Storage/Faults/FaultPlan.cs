namespace Pipeline.Storage.Faults;

/// <summary>
/// What is to go wrong with a store's requests, drawn from a seed. Shares are of all requests, from 0 to 1; they may
/// be changed while requests run. Thread-safe.
/// </summary>
public sealed class FaultPlan(int seed)
{
    private readonly Lock _gate = new();
#pragma warning disable RS0030 // Seeded: the same seed gives the same faults.
    private readonly Random _draw = new(seed);
#pragma warning restore RS0030
    private TaskCompletionSource _thaw = Completed();

    /// <summary>Requests that never reach the store: Unavailable, nothing done.</summary>
    public double Failed { get; set; }

    /// <summary>Requests that are done, but answered as Unavailable.</summary>
    public double LostAnswers { get; set; }

    /// <summary>Each request waits a random time below this first.</summary>
    public TimeSpan DelayMax { get; set; }

    /// <summary>Requests wait from now on, until <see cref="Thaw"/>.</summary>
    public void Freeze()
    {
        lock (_gate)
        {
            if (_thaw.Task.IsCompleted)
            {
                _thaw = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    public void Thaw()
    {
        lock (_gate)
        {
            _thaw.TrySetResult();
        }
    }

    internal Task Thawed
    {
        get
        {
            lock (_gate)
            {
                return _thaw.Task;
            }
        }
    }

    internal bool Draws(double share)
    {
        lock (_gate)
        {
            return share > 0 && _draw.NextDouble() < share;
        }
    }

    internal TimeSpan DrawDelay()
    {
        lock (_gate)
        {
            return DelayMax > TimeSpan.Zero ? TimeSpan.FromTicks(_draw.NextInt64(DelayMax.Ticks)) : TimeSpan.Zero;
        }
    }

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }
}
