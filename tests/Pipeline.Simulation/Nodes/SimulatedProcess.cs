using Pipeline.Replication.Registers;
using Pipeline.Simulation.Loops;

namespace Pipeline.Simulation.Nodes;

/// <summary>A host in the simulated world: what an executable is to the others.</summary>
public abstract class SimulatedProcess(SimulatedNode node)
{
    private readonly List<Action> _connections = [];

    public SimulatedNode Node { get; } = node;

    /// <summary>The loop its requests come in on.</summary>
    public SimulatedLoop Front { get; } = node.NewLoop("front");

    public abstract IRegisters Registers { get; }

    /// <summary>It serves requests.</summary>
    public bool IsReady { get; protected set; }

    /// <summary>Nothing is missing or damaged any more, as far as it knows.</summary>
    public abstract bool IsHealed { get; }

    public bool IsGone => Node.IsCrashed;

    /// <summary>What a person would have to look at.</summary>
    public string? Trouble { get; protected set; }

    /// <summary>For people: how it is.</summary>
    public abstract string Health { get; }

    public void Start()
    {
        Node.Queue.Trace.Add(Node.Queue.Now, Node.Number, "start");
        Front.Post(_ => Open(), null);
    }

    /// <summary>kill -9, or the exit of a process that has ended: connections break.</summary>
    public void Exit()
    {
        if (IsGone)
        {
            return;
        }

        Node.Crash();
        foreach (var broken in _connections.ToArray())
        {
            broken();
        }

        _connections.Clear();
    }

    /// <summary>Calls <paramref name="broken"/> when the process is gone.</summary>
    public void OnExit(Action broken) => _connections.Add(broken);

    protected abstract void Open();
}
