using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>A store cannot be reached for a while.</summary>
public sealed class DownStore : IFault
{
    public string Strike(World world)
    {
        var i = world.Draw.Next(world.Weathers.Count);
        var (weather, most) = (world.Weathers[i], TimeSpan.FromMilliseconds(world.Draw.Next(10_000)));
        weather.IsDown = true;
        world.Queue.After(most, () => weather.IsDown = false);
        return $"down {world.Disks[i].Name} for {most}";
    }
}
