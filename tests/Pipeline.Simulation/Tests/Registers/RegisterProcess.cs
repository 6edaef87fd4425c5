using Pipeline.Replication.Quorums;
using Pipeline.Replication.Registers;
using Pipeline.Simulation.Loops;
using Pipeline.Simulation.Nodes;

namespace Pipeline.Simulation.Tests.Registers;

/// <summary>A process with the register client over the world's first three disks.</summary>
public sealed class RegisterProcess
{
    private readonly RegisterWorld _world;

    public RegisterProcess(RegisterWorld world, SimulatedNode node, RegisterOptions? options)
    {
        (_world, Node) = (world, node);
        Loop = node.NewLoop("registers");
        StoreMember[] members = [.. Enumerable.Range(0, 3)
            .Select(i => new StoreMember(world.Disks[i].Name, world.Ids[i], world.Reach(node, i)))];
        Registers = new QuorumRegisters(new FixedStores(members, 2), Loop, node.Draw, options);
    }

    public SimulatedNode Node { get; }

    public SimulatedLoop Loop { get; }

    public QuorumRegisters Registers { get; }

    public RegisterOutcome Bear(long initial) => _world.Await(
        Registers.BearAsync(RegisterWorld.Name, RegisterWorld.Bytes(initial), default).AsTask());

    public RegisterOutcome Read() => _world.Await(Registers.Open(RegisterWorld.Name).ReadAsync(default).AsTask());

    public RegisterOutcome Rejoin(int disk) => _world.Await(
        Registers.RejoinAsync(RegisterWorld.Name, _world.Reach(Node, disk), default).AsTask());

    public Task<RegisterOutcome> StartAdding(long amount) => Registers.Open(RegisterWorld.Name)
        .ProposeAsync(value => RegisterWorld.Bytes(RegisterWorld.Number(value) + amount), default).AsTask();

    public RegisterOutcome Add(long amount) => _world.Await(StartAdding(amount));

    public RegisterOutcome Decline() => _world.Await(
        Registers.Open(RegisterWorld.Name).ProposeAsync(_ => null, default).AsTask());
}
