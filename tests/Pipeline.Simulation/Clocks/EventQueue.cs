using Pipeline.Simulation.Tracing;

namespace Pipeline.Simulation.Clocks;

/// <summary>
/// The one queue of a simulated world: what happens next, in virtual time. Invariants:
/// <list type="bullet">
/// <item>Only the thread that made the queue touches it: there is no other thread in the world.</item>
/// <item>Time never goes back; events due at the same time run in an order drawn from the seed.</item>
/// </list>
/// </summary>
public sealed class EventQueue(int seed, Trace trace)
{
    private readonly PriorityQueue<Scheduled, (long Due, int Tie, long Number)> _events = new();
    private readonly Thread _thread = Thread.CurrentThread;
    private readonly Random _ties = new(seed);
    private long _number;

    /// <summary>Virtual time, ticks since the world began.</summary>
    public long Now { get; private set; }

    public Trace Trace { get; } = trace;

    /// <summary>How many events ran.</summary>
    public long Steps { get; private set; }

    /// <summary>Fails where code runs on another thread than the world's.</summary>
    public void AssertThread()
    {
        if (Thread.CurrentThread != _thread)
        {
            throw new InvalidOperationException("Something left the simulated world's only thread.");
        }
    }

    /// <summary>Runs <paramref name="work"/> after <paramref name="delay"/> ticks.</summary>
    public void After(long delay, Action<object?> work, object? state = null)
    {
        AssertThread();
        var due = Now + Math.Max(0, delay);
        _events.Enqueue(new Scheduled(work, state), (due < Now ? long.MaxValue : due, _ties.Next(), _number++));
    }

    /// <summary>Runs <paramref name="work"/> after <paramref name="delay"/>.</summary>
    public void After(TimeSpan delay, Action work) => After(delay.Ticks, work);

    /// <summary>Runs <paramref name="work"/> after <paramref name="delay"/> ticks.</summary>
    public void After(long delay, Action work) => After(delay, static state => ((Action)state!)(), work);

    /// <summary>Runs the next event; false where nothing is left to happen.</summary>
    public bool RunOne()
    {
        AssertThread();
        if (!_events.TryDequeue(out var next, out var key))
        {
            return false;
        }

        Now = key.Due;
        Steps++;
        next.Work(next.State);
        return true;
    }

    /// <summary>Runs until the condition holds (true), or the time is reached or nothing is left (false).</summary>
    public bool RunUntil(Func<bool> condition, long until = long.MaxValue)
    {
        while (!condition())
        {
            if (!_events.TryPeek(out _, out var key) || key.Due > until)
            {
                Now = until == long.MaxValue ? Now : Math.Max(Now, until);
                return condition();
            }

            RunOne();
        }

        return true;
    }

    private readonly record struct Scheduled(Action<object?> Work, object? State);
}
