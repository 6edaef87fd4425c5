using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>A second process on the same stores while the first still runs: it takes over.</summary>
public sealed class SecondProcess : IFault
{
    public string Strike(World world)
    {
        if (world.Alive.Count() > 1)
        {
            return "second process: there is one";
        }

        return $"second process {world.StartProcess().Node.Number}";
    }
}
