using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Checkers;

/// <summary>In one epoch of a log one process appends.</summary>
public sealed class EpochsHaveOneOwner : IChecker
{
    public IEnumerable<string> Check(World world) => world.History.Appends.Violations;
}
