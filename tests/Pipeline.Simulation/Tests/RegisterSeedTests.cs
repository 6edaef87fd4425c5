using Pipeline.Simulation.Worlds;
using Xunit;

namespace Pipeline.Simulation.Tests;

public sealed class RegisterSeedTests
{
    [Fact]
    public void Fresh_seeds_are_good()
    {
        var seeds = Environment.TickCount & 0xFFFFFF;
        for (var seed = seeds; seed < seeds + 200; seed++)
        {
            var verdict = Run.Play(WorldOptions.Draw(seed) with { IsRegistersOnly = true });
            Assert.True(verdict.IsGood, $"--registers --seed {seed}: {string.Join('\n', verdict.Violations)}");
        }
    }

    [Fact]
    public void Two_runs_of_a_seed_give_the_same_trace()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var options = WorldOptions.Draw(seed) with { IsRegistersOnly = true };
            Assert.Equal(Run.Play(options).Hash, Run.Play(options).Hash);
        }
    }
}
