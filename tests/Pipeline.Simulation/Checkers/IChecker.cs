using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Checkers;

/// <summary>Looks at a run once everything has healed, and says what must not be.</summary>
public interface IChecker
{
    IEnumerable<string> Check(World world);
}
