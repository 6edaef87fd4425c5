using Pipeline.Simulation.Faults;
using Pipeline.Simulation.Worlds;
using Xunit;

namespace Pipeline.Simulation.Tests;

/// <summary>Each planted bug must be seen within a few seeds.</summary>
public sealed class CanaryTests
{
    private const int RegisterSeedsMax = 300;
    private const int SeedsMax = 60;

    [Theory]
    [InlineData(PlantedBug.StoreForgets)]
    [InlineData(PlantedBug.ConditionIsIgnored)]
    public void Registers_on_stores_that_break_their_contract_are_found_out(PlantedBug bug) =>
        Assert.NotNull(FirstBad(bug, isRegistersOnly: true));

    [Theory]
    [InlineData(PlantedBug.SealIsIgnored)]
    [InlineData(PlantedBug.AppendIsForgotten)]
    [InlineData(PlantedBug.HandlesAreForgotten)]
    public void Logs_on_a_world_that_breaks_its_contract_are_found_out(PlantedBug bug) =>
        Assert.NotNull(FirstBad(bug, isRegistersOnly: false));

    [Theory]
    [InlineData(PlantedBug.OutputIsTamperedWith)]
    [InlineData(PlantedBug.ChangeIsForgotten)]
    public void Redefinitions_in_a_world_that_is_not_true_are_found_out(PlantedBug bug) =>
        Assert.Contains(Enumerable.Range(1, SeedsMax), seed =>
        {
            // Fair weather, so that it is the bug that is seen.
            var options = WorldOptions.DrawRedefined(seed) with { Faults = FaultKinds.None, Redefined = 1 };
            return Run.Play(options).IsGood && !Run.Play(options with { Bug = bug }).IsGood;
        });

    [Theory]
    [InlineData(PlantedBug.BackupReadsLogsFirst)]
    [InlineData(PlantedBug.BackupReadsInputsFirst)]
    public void Backups_that_are_cut_in_another_order_are_found_out(PlantedBug bug) =>
        Assert.Contains(Enumerable.Range(1, SeedsMax), seed =>
        {
            var options = WorldOptions.Draw(seed).WithBackups();
            return !Run.Play(options with { Bug = bug }).IsGood && Run.Play(options).IsGood;
        });

    private static Verdict? FirstBad(PlantedBug bug, bool isRegistersOnly)
    {
        for (var seed = 1; seed <= (isRegistersOnly ? RegisterSeedsMax : SeedsMax); seed++)
        {
            var options = WorldOptions.Draw(seed) with { Bug = bug, IsRegistersOnly = isRegistersOnly };
            var verdict = Run.Play(options);
            if (!verdict.IsGood)
            {
                TestContext.Current.SendDiagnosticMessage($"{bug}: seed {seed}: {verdict.Violations[0]}");
                return verdict;
            }
        }

        return null;
    }
}
