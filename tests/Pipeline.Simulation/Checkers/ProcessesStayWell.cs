using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Checkers;

/// <summary>
/// No process meets an exception that nothing catches, refuses to run, or cannot apply its definition.
/// </summary>
public sealed class ProcessesStayWell : IChecker
{
    public IEnumerable<string> Check(World world)
    {
        foreach (var process in world.Processes)
        {
            if (process.Node.Failure is { } failure)
            {
                yield return $"n{process.Node.Number}: {failure}";
            }

            if (process.Trouble is { } trouble)
            {
                yield return $"n{process.Node.Number}: {trouble}";
            }
        }

        if (world.Outside.Failure is { } outside)
        {
            yield return $"a client: {outside}";
        }
    }
}
