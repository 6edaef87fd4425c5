using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>Requests to a store often do not arrive.</summary>
public sealed class LostRequests : IFault
{
    public string Strike(World world)
    {
        var i = world.Draw.Next(world.Weathers.Count);
        var weather = world.Weathers[i];
        weather.RequestLostPerMille = 1 << world.Draw.Next(9);
        world.Queue.After(TimeSpan.FromMilliseconds(world.Draw.Next(10_000)), () => weather.RequestLostPerMille = 0);
        return $"lost requests of {world.Disks[i].Name}";
    }
}
