using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>A process has a wrong wall clock from now on.</summary>
public sealed class ClockJump : IFault
{
    public string Strike(World world)
    {
        var process = world.Alive.FirstOrDefault();
        if (process is null)
        {
            return "clock jump: no process";
        }

        process.Node.ClockSkew = (world.Draw.NextInt64(240) - 120) * TimeSpan.TicksPerSecond;
        return $"clock jump of {process.Node.Number} to {TimeSpan.FromTicks(process.Node.ClockSkew)}";
    }
}
