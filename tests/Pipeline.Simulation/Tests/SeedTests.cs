using Pipeline.Simulation.Worlds;
using Xunit;

namespace Pipeline.Simulation.Tests;

public sealed class SeedTests
{
    public static TheoryData<string> Kept => [.. KeptWorlds.ReadFile(KeptWorlds.Bad).Select(KeptWorlds.Write)];

    [Theory]
    [MemberData(nameof(Kept))]
    public void A_world_that_was_bad_stays_good(string world)
    {
        var verdict = Run.Play(KeptWorlds.Read(world));
        Assert.True(verdict.IsGood, string.Join('\n', verdict.Violations));
    }

    [Fact]
    public void A_world_that_is_written_down_is_the_same_world()
    {
        var drawn = WorldOptions.DrawRedefined(7);
        Assert.Equal(drawn, KeptWorlds.Read(KeptWorlds.Write(drawn)));
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(60, "--redefine")]
    [InlineData(20, "--backup")]
    [InlineData(10, "--backup --redefine")]
    public void Fresh_seeds_are_good_and_leave_the_thread_pool_alone(int count, string worlds)
    {
        var from = 1_000_000 + Random.Shared.Next(1_000_000_000);
        TestContext.Current.SendDiagnosticMessage($"{count} seeds from {from} {worlds}");
        var (exitCode, output) = SeedProcess.Run($"--seed {from} --count {count} {worlds}");
        Assert.True(exitCode == 0, $"{count} seeds from {from} {worlds}:\n{output}");
        TestContext.Current.TestOutputHelper?.WriteLine(output);
    }

    [Theory]
    [InlineData("--seed 1 --count 5")]
    [InlineData("--seed 1 --count 3 --redefine")]
    public void Two_processes_get_the_same_trace_from_a_seed(string seeds)
    {
        var first = SeedProcess.Run(seeds).Output;
        var second = SeedProcess.Run(seeds).Output;
        Assert.Equal(HashOf(first), HashOf(second));
    }

    private static string HashOf(string output) => output[output.LastIndexOf("hash ", StringComparison.Ordinal)..];
}
