using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>One kind of bad luck.</summary>
public interface IFault
{
    /// <summary>
    /// Strikes the world once; whatever passes by itself it takes back after a while. Says what it did.
    /// </summary>
    string Strike(World world);
}
