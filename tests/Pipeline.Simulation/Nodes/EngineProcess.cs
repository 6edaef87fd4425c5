using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Ingestion;
using Pipeline.Runtime.Pipelines;
using Pipeline.Runtime.Registers;
using Pipeline.Simulation.Files;
using Pipeline.Storage.Blobs;

namespace Pipeline.Simulation.Nodes;

/// <summary>A process that runs the whole engine, as the standalone executable does.</summary>
public sealed class EngineProcess : SimulatedProcess
{
    private readonly string _definition;

    public EngineProcess(
        SimulatedNode node,
        IReadOnlyList<IStoreSlot> slots,
        SimulatedFiles files,
        EngineOptions options,
        string definition)
        : base(node)
    {
        _definition = definition;
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
