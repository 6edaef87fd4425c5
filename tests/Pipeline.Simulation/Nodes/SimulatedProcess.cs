using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Ingestion;
using Pipeline.Runtime.Pipelines;
using Pipeline.Simulation.Loops;
using Pipeline.Storage.Blobs;

namespace Pipeline.Simulation.Nodes;

/// <summary>A host of the engine in the simulated world: what an executable is to the others.</summary>
public sealed class SimulatedProcess
{
    private readonly string _definition;
    private readonly List<Action> _connections = [];

    public SimulatedProcess(
        SimulatedNode node, IReadOnlyList<IStoreSlot> slots, EngineOptions options, string definition)
    {
        Node = node;
        _definition = definition;
        Front = node.NewLoop("front");
        Ingestor = new Ingestor(new Random(node.Draw.Next()));
        Engine = new PipelineEngine(
            new EngineHost
            {
                Slots = slots,
                NewLoop = node.NewLoop,
                Draw = new Random(node.Draw.Next()),
                Name = $"n{node.Number}",
            },
            options);
    }

    public SimulatedNode Node { get; }

    /// <summary>The loop its requests come in on.</summary>
    public SimulatedLoop Front { get; }

    public PipelineEngine Engine { get; }

    public Ingestor Ingestor { get; }

    /// <summary>It runs and its definition is in force.</summary>
    public bool IsReady { get; private set; }

    public bool IsGone => Node.IsCrashed;

    /// <summary>How its engine ended by itself, where it did.</summary>
    public EngineState? End { get; private set; }

    public string? Trouble { get; private set; }

    public void Start()
    {
        Node.Queue.Trace.Add(Node.Queue.Now, Node.Number, "start");
        Front.Post(_ => Open(), null);
        Front.Post(_ => Watch(), null);
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

    /// <summary>
    /// Calls <paramref name="broken"/> when the process is gone, unless the result is disposed before.
    /// </summary>
    public void OnExit(Action broken) => _connections.Add(broken);

    private async void Open()
    {
        var state = await Engine.StartAsync(CancellationToken.None);
        while (state == EngineState.Running)
        {
            var applied = await Engine.Pipelines.ApplyAsync(
                new ApplyRequest { Text = _definition, FileName = "world.yaml" }, CancellationToken.None);
            if (applied.Status is ApplyStatus.Applied or ApplyStatus.Unchanged)
            {
                IsReady = true;
                Node.Queue.Trace.Add(Node.Queue.Now, Node.Number, "ready");
                return;
            }

            if (applied.Status is ApplyStatus.Invalid or ApplyStatus.Conflict)
            {
                Trouble = $"apply: {applied.Status} {applied.Detail} {string.Join("; ", applied.Errors)}";
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), Front.Time);
        }
    }

    private async void Watch()
    {
        End = await Engine.Ended;
        IsReady = false;
        Node.Queue.Trace.Add(Node.Queue.Now, Node.Number, "ended", Engine.Health.Detail ?? "", (int)End.Value);
        if (End == EngineState.Refused)
        {
            Trouble = $"refused: {Engine.Health.Detail}";
        }

        Exit();
    }
}
