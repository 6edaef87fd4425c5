using Pipeline.Runtime.Registers;
using Pipeline.Runtime.Stores;

namespace Pipeline.Simulation.Nodes;

/// <summary>A process that holds registers and nothing else, on stores whose membership stays.</summary>
public sealed class RegisterProcess : SimulatedProcess
{
    public RegisterProcess(SimulatedNode node, IStoreSet stores)
        : base(node)
    {
        var options = new RegisterOptions
        {
            OperationTimeout = TimeSpan.FromSeconds(5),
            RequestTimeout = TimeSpan.FromSeconds(2),
        };
        Registers = new QuorumRegisters(stores, node.NewLoop("registers"), new Random(node.Draw.Next()), options);
    }

    public override IRegisters Registers { get; }

    public override string Health => $"{Node.Number}: registers";

    protected override void Open() => IsReady = true;
}
