using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>A store takes up to seconds for everything.</summary>
public sealed class SlowStore : IFault
{
    public string Strike(World world)
    {
        var i = world.Draw.Next(world.Weathers.Count);
        var (weather, most) = (world.Weathers[i], TimeSpan.FromMilliseconds(10 << world.Draw.Next(9)));
        weather.LatencyMax = most.Ticks;
        world.Queue.After(
            TimeSpan.FromMilliseconds(world.Draw.Next(10_000)),
            () => weather.LatencyMax = 2 * TimeSpan.TicksPerMillisecond);
        return $"slow {world.Disks[i].Name} up to {most}";
    }
}
