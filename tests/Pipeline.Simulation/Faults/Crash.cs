using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>kill -9 of a process; another one is started a little later, or at once.</summary>
public sealed class Crash : IFault
{
    public string Strike(World world)
    {
        var alive = world.Alive.ToArray();
        if (alive.Length > 0)
        {
            alive[world.Draw.Next(alive.Length)].Exit();
        }

        world.Queue.After(TimeSpan.FromMilliseconds(world.Draw.Next(2000)), () =>
        {
            if (!world.Alive.Any())
            {
                world.StartProcess();
            }
        });
        return alive.Length > 0 ? "crash" : "start";
    }
}
