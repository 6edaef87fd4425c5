using Pipeline.Simulation.Worlds;
using Xunit;

namespace Pipeline.Simulation.Tests;

public sealed class SeedTests
{
    /// <summary>Each was bad once.</summary>
    [Theory]
    [InlineData(52)]
    [InlineData(1124)]
    [InlineData(5093)]
    [InlineData(5099)]
    [InlineData(103956126)]
    [InlineData(103956140)]
    [InlineData(101952)]
    [InlineData(505793)]
    public void A_seed_that_was_bad_stays_good(int seed)
    {
        var verdict = Run.Play(WorldOptions.Draw(seed) with { StagesReadStores = false });
        Assert.True(verdict.IsGood, string.Join('\n', verdict.Violations));
    }

    [Fact]
    public void Fresh_seeds_are_good_and_leave_the_thread_pool_alone()
    {
        var from = 1_000_000 + Random.Shared.Next(1_000_000_000);
        TestContext.Current.SendDiagnosticMessage($"200 seeds from {from}");
        var (exitCode, output) = SeedProcess.Run($"--seed {from} --count 200");
        Assert.True(exitCode == 0, $"200 seeds from {from}:\n{output}");
        TestContext.Current.TestOutputHelper?.WriteLine(output);
    }

    [Fact]
    public void Two_processes_get_the_same_trace_from_a_seed()
    {
        var first = SeedProcess.Run("--seed 1 --count 5").Output;
        var second = SeedProcess.Run("--seed 1 --count 5").Output;
        Assert.Equal(HashOf(first), HashOf(second));
    }

    private static string HashOf(string output) => output[output.LastIndexOf("hash ", StringComparison.Ordinal)..];
}
