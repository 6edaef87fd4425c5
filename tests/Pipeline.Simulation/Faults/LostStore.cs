using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>The contents of a store are gone, its identity with them.</summary>
public sealed class LostStore(int victim) : IFault
{
    public string Strike(World world)
    {
        if (!world.MaySuffer(victim))
        {
            return "no loss or damage: another store is behind or away";
        }

        world.Disks[victim].Lose();
        return $"lost {world.Disks[victim].Name}";
    }
}
