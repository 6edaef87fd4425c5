using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Checkers;

/// <summary>The register that clients append to while all happens is one register.</summary>
public sealed class RegistersAreLinearizable : IChecker
{
    public IEnumerable<string> Check(World world) => LinearizableRegister.Check(world.History.Register);
}
