using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>A store is full, or read-only, for a while.</summary>
public sealed class FullStore : IFault
{
    public string Strike(World world)
    {
        var i = world.Draw.Next(world.Weathers.Count);
        var (weather, most) = (world.Weathers[i], TimeSpan.FromMilliseconds(world.Draw.Next(10_000)));
        weather.IsFull = true;
        world.Queue.After(most, () => weather.IsFull = false);
        return $"full {world.Disks[i].Name} for {most}";
    }
}
