using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>A store answers nothing for a while, and then all of it.</summary>
public sealed class FrozenStore : IFault
{
    public string Strike(World world)
    {
        var i = world.Draw.Next(world.Weathers.Count);
        var (weather, most) = (world.Weathers[i], TimeSpan.FromMilliseconds(world.Draw.Next(12_000)));
        weather.Freeze();
        world.Queue.After(most, weather.Thaw);
        return $"frozen {world.Disks[i].Name} for {most}";
    }
}
