using Pipeline.Simulation.Clocks;
using Pipeline.Simulation.Loops;

namespace Pipeline.Simulation.Nodes;

/// <summary>
/// One process of the simulated world, from its start to its end: a restart is a new node. After a crash its loops do
/// nothing any more; requests it had sent to stores may still land there.
/// </summary>
public sealed class SimulatedNode(int number, EventQueue queue, int seed)
{
    private readonly List<Action> _waiting = [];

    /// <summary>Unique among the processes of a run, in the order of their starts.</summary>
    public int Number { get; } = number;

    public EventQueue Queue { get; } = queue;

    /// <summary>The node's own source of chance.</summary>
    public Random Draw { get; } = new(seed);

    /// <summary>How far the node's wall clock is off, in ticks.</summary>
    public long ClockSkew { get; set; }

    public bool IsCrashed { get; private set; }

    /// <summary>
    /// Stopped for a while, as by a long garbage collection; its requests are on their way all the same.
    /// </summary>
    public bool IsPaused { get; private set; }

    /// <summary>What went wrong on its loops: an exception that nothing caught is a bug.</summary>
    public Exception? Failure { get; private set; }

    public SimulatedLoop NewLoop(string name) => new(this, name);

    /// <summary>kill -9.</summary>
    public void Crash()
    {
        IsCrashed = true;
        Queue.Trace.Add(Queue.Now, Number, "crash");
    }

    public void Pause()
    {
        IsPaused = true;
        Queue.Trace.Add(Queue.Now, Number, "pause");
    }

    public void Resume()
    {
        IsPaused = false;
        Queue.Trace.Add(Queue.Now, Number, "resume");
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var work in waiting)
        {
            Queue.After(0, work);
        }
    }

    internal void WhenResumed(Action work) => _waiting.Add(work);

    internal void Fail(SimulatedLoop loop, Exception exception)
    {
        Queue.Trace.Add(Queue.Now, Number, "failure", $"{loop.Name}: {exception.GetType().Name} {exception.Message}");
        Failure ??= exception;
    }
}
