using Pipeline.Kernel.Logs;
using Xunit;

namespace Pipeline.ModelChecking.Logs;

/// <summary>
/// Each known-bad variant loses or repeats an acknowledged event in some schedule of a world that holds without it,
/// and is caught.
/// </summary>
public sealed class LogCanaryTests
{
    [Fact]
    public void Reading_without_sealing_loses_events() => Catches(LogWorlds.TwoSuccessors, LogFlaws.ReadWithoutSeal);

    [Fact]
    public void Closing_at_what_the_copies_agree_on_loses_events() =>
        Catches(LogWorlds.TwoSuccessors, LogFlaws.CloseAtMinimum);

    [Fact]
    public void Counting_a_damaged_copy_loses_events() => Catches(LogWorlds.Damaged, LogFlaws.CountDamaged);

    [Fact]
    public void Acknowledging_at_one_store_loses_events() =>
        Catches(LogWorlds.TwoSuccessors, LogFlaws.AcknowledgeAtOne);

    [Fact]
    public void Answering_a_duplicate_at_once_loses_events() =>
        Catches(LogWorlds.Repeated, LogFlaws.AnswerDuplicatesAtOnce);

    [Fact]
    public void Acknowledging_beyond_the_end_of_a_roll_loses_events() =>
        Catches(LogWorlds.Rolling, LogFlaws.AcknowledgeWhileRolling);

    [Fact]
    public void A_segment_that_appends_create_loses_events_with_trimming() =>
        Catches(LogWorlds.Zombie, LogFlaws.NameBeforeCreate);

    [Fact]
    public void Deleting_before_the_manifest_says_so_loses_events() =>
        Catches(LogWorlds.Trimming, LogFlaws.DeleteBeforePublish);

    [Fact]
    public void Closing_without_making_the_end_durable_loses_events() =>
        Catches(LogWorlds.TwoSuccessors, LogFlaws.SkipRepair);

    [Fact]
    public void A_store_that_forgets_and_keeps_its_name_loses_events() =>
        Catches(LogWorlds.Successor with { Losses = 1 }, LogFlaws.None);

    private static void Catches(LogWorldOptions options, LogFlaws flaw)
    {
        var result = LogSearch.Run(options with { Flaws = flaw });
        Assert.NotNull(result.Violation);
        Assert.NotEmpty(result.Schedule);
    }
}
