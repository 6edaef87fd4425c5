using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>A store does what it is asked and often does not say so.</summary>
public sealed class LostAnswers : IFault
{
    public string Strike(World world)
    {
        var i = world.Draw.Next(world.Weathers.Count);
        var weather = world.Weathers[i];
        weather.AckLostPerMille = 1 << world.Draw.Next(9);
        world.Queue.After(TimeSpan.FromMilliseconds(world.Draw.Next(10_000)), () => weather.AckLostPerMille = 0);
        return $"lost answers of {world.Disks[i].Name}";
    }
}
