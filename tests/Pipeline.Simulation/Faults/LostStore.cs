using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>The contents of a store are gone, its identity with them.</summary>
public sealed class LostStore(int victim) : IFault
{
    public string Strike(World world)
    {
        world.Disks[victim].Lose();
        return $"lost {world.Disks[victim].Name}";
    }
}
