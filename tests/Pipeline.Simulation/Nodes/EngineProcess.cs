using Pipeline.Ingestion;
using Pipeline.Replication.Registers;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;
using Pipeline.Simulation.Files;
using Pipeline.Simulation.Redefinitions;
using Pipeline.Storage.Blobs;

namespace Pipeline.Simulation.Nodes;

/// <summary>A process that runs the whole engine, as the standalone executable does.</summary>
public sealed class EngineProcess : SimulatedProcess
{
    private readonly DefinitionFolder _folder;

    public EngineProcess(
        SimulatedNode node,
        IReadOnlyList<IStoreSlot> slots,
        SimulatedFiles files,
        EngineOptions options,
        DefinitionFolder folder)
        : base(node)
    {
        _folder = folder;
        Ingestor = new Ingestor(new Random(node.Draw.Next()));
        Engine = new PipelineEngine(
            new EngineHost
            {
                Slots = slots,
                NewLoop = node.NewLoop,
                Draw = new Random(node.Draw.Next()),
                Name = $"n{node.Number}",
                SinkFiles = new SimulatedSinkFiles(node, files),
            },
            options);
    }

    public PipelineEngine Engine { get; }

    public Ingestor Ingestor { get; }

    public override IRegisters Registers => Engine.Registers;

    public override bool IsHealed =>
        IsReady && Engine.Health is { IsAccepting: true } health && health.Stores.All(static store => store.IsVoting);

    public override string Health => $"{Node.Number}: {Engine.Health}";

    protected override async void Open()
    {
        Front.Post(_ => Watch(), null);
        var state = await Engine.StartAsync(CancellationToken.None);
        foreach (var file in state == EngineState.Running ? _folder.Names : [])
        {
            if (!await ApplyAsync(file))
            {
                return;
            }
        }

        if (state == EngineState.Running)
        {
            IsReady = true;
            Node.Queue.Trace.Add(Node.Queue.Now, Node.Number, "ready");
        }
    }

    /// <summary>Until it is answered; false where the process cannot do its work.</summary>
    private async Task<bool> ApplyAsync(string file)
    {
        while (await _folder.ApplyAsync(this, file) is { } applied)
        {
            if (applied.Status is ApplyStatus.Applied or ApplyStatus.Unchanged)
            {
                return true;
            }

            if (applied.Status is not (ApplyStatus.Unavailable or ApplyStatus.OutcomeUnknown))
            {
                // A drawn definition may contradict another one; the host's own does not.
                var isDrawn = file != DefinitionFolder.Own;
                Trouble = isDrawn ? Trouble
                    : $"apply: {applied.Status} {applied.Detail} {string.Join("; ", applied.Errors)}";
                return isDrawn;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), Front.Time);
        }

        return true;
    }

    private async void Watch()
    {
        var end = await Engine.Ended;
        IsReady = false;
        Node.Queue.Trace.Add(Node.Queue.Now, Node.Number, "ended", Engine.Health.Detail ?? "", (int)end);
        if (end == EngineState.Refused)
        {
            Trouble = $"refused: {Engine.Health.Detail}";
        }

        Exit();
    }
}
