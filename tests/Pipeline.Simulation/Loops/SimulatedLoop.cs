using Pipeline.Replication.Loops;
using Pipeline.Simulation.Clocks;
using Pipeline.Simulation.Nodes;

namespace Pipeline.Simulation.Loops;

/// <summary>
/// One loop of a simulated node: a view of the world's event queue. Its work runs in the order posted; the work of
/// different loops is interleaved by the seed. When its node crashes, what it had yet to do is gone.
/// </summary>
public sealed class SimulatedLoop : ILoop
{
    private const int JitterTicks = 50;
    private readonly Queue<(Action<object?> Work, object? State)> _work = new();
    private readonly SimulatedContext _context;

    public SimulatedLoop(SimulatedNode node, string name)
    {
        Node = node;
        Name = name;
        Time = new SimulatedTime(this);
        _context = new SimulatedContext(this);
        Supervisor = new Supervisor(fault => node.Fail(this, fault.Exception));
    }

    public SimulatedNode Node { get; }

    public string Name { get; }

    public EventQueue Queue => Node.Queue;

    public TimeProvider Time { get; }

    /// <summary>In this world nothing fails that nobody expects: the run is bad.</summary>
    public Supervisor Supervisor { get; }

    public bool IsCurrent => SynchronizationContext.Current == _context;

    /// <summary>The loop that runs now, or null while the world itself acts.</summary>
    public static SimulatedLoop? Current => (SynchronizationContext.Current as SimulatedContext)?.Loop;

    public void Post(Action<object?> work, object? state)
    {
        Queue.AssertThread();
        if (Node.IsCrashed)
        {
            return;
        }

        _work.Enqueue((work, state));
        Queue.After(Node.Draw.Next(JitterTicks), static loop => ((SimulatedLoop)loop!).RunOne(), this);
    }

    private void RunOne()
    {
        if (Node.IsCrashed)
        {
            _work.Clear();
            return;
        }

        if (Node.IsPaused)
        {
            Node.WhenResumed(RunOne);
            return;
        }

        var (work, state) = _work.Dequeue();
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            work(state);
        }
        catch (Exception exception)
        {
            Node.Fail(this, exception);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }
}
