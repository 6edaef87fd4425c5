namespace Pipeline.Grains.Restarts;

/// <summary>
/// Whether a silo that ended may start anew in its process, and after which pause. A restart that ended within
/// <see cref="Window"/> has failed; after <see cref="MostFailures"/> of them within that time the process is to end.
/// </summary>
/// <param name="time">Measures the window.</param>
public sealed class RestartBudget(TimeProvider time)
{
    /// <summary>Failed restarts after which there is to be none.</summary>
    public const int MostFailures = 5;

    /// <summary>The time in which failures add up; a silo that lived for as long had started well.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly Queue<long> _failures = new();
    private long? _since;

    /// <summary>
    /// The silo has ended. How long to wait until it starts anew: not at all at first, 1, 2, 4, 8 s after failures;
    /// null where it is not to start anew.
    /// </summary>
    public TimeSpan? Ended()
    {
        if (_since is { } since && time.GetElapsedTime(since) < Window)
        {
            _failures.Enqueue(time.GetTimestamp());
        }

        while (_failures.TryPeek(out var failure) && time.GetElapsedTime(failure) >= Window)
        {
            _failures.Dequeue();
        }

        return _failures.Count switch
        {
            0 => TimeSpan.Zero,
            >= MostFailures => null,
            var failures => FirstPause * (1 << (failures - 1)),
        };
    }

    /// <summary>The silo starts anew, now.</summary>
    public void Begin() => _since = time.GetTimestamp();
}
