using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>Appends to a store meet failing fsyncs for a while.</summary>
public sealed class FailedSync(int victim) : IFault
{
    public string Strike(World world)
    {
        world.Weathers[victim].MaySuffer = () => world.MaySuffer(victim);
        world.Weathers[victim].SyncFailedPerMille = 1 << world.Draw.Next(8);
        world.Queue.After(
            TimeSpan.FromMilliseconds(world.Draw.Next(4000)), () => world.Weathers[victim].SyncFailedPerMille = 0);
        return $"failing fsync on {world.Disks[victim].Name}";
    }
}
