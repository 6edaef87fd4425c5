using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>A process stands still, as in a long garbage collection, and then goes on as if nothing had been.</summary>
public sealed class ProcessPause : IFault
{
    public string Strike(World world)
    {
        var alive = world.Alive.Where(static process => !process.Node.IsPaused).ToArray();
        if (alive.Length == 0)
        {
            return "pause: no process";
        }

        var node = alive[world.Draw.Next(alive.Length)].Node;
        var pause = TimeSpan.FromMilliseconds(world.Draw.Next(8000));
        node.Pause();
        world.Queue.After(pause, () =>
        {
            if (node.IsPaused)
            {
                node.Resume();
            }
        });
        return $"pause of {node.Number} for {pause}";
    }
}
