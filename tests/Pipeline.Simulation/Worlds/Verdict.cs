namespace Pipeline.Simulation.Worlds;

/// <summary>What became of a run.</summary>
/// <param name="Seed">What it was drawn from.</param>
/// <param name="World">As it ended.</param>
/// <param name="Faults">What happened to it, in words, in order.</param>
/// <param name="PoolWork">Work items the thread pool completed meanwhile: 0, or something left the loops.</param>
/// <param name="Violations">What must not be; empty where all is well.</param>
public sealed record Verdict(
    int Seed, World World, IReadOnlyList<string> Faults, long PoolWork, IReadOnlyList<string> Violations)
{
    public bool IsGood => Violations.Count == 0;

    public ulong Hash => World.Queue.Trace.Hash;
}
