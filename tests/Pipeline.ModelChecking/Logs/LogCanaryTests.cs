using Pipeline.Kernel.Logs;
using Pipeline.ModelChecking.Exploration;
using Xunit;

namespace Pipeline.ModelChecking.Logs;

/// <summary>Each known-bad variant loses or repeats an acknowledged event in some schedule, and is caught.</summary>
public sealed class LogCanaryTests(ITestOutputHelper output)
{
    [Fact]
    public void Reading_without_sealing_loses_events() =>
        Catches(new LogWorldOptions { Events = [1], Flaws = LogFlaws.ReadWithoutSeal });

    [Fact]
    public void Closing_at_what_the_copies_agree_on_loses_events() =>
        Catches(new LogWorldOptions { Events = [1], Flaws = LogFlaws.CloseAtMinimum });

    [Fact]
    public void Counting_a_damaged_copy_loses_events() =>
        Catches(new LogWorldOptions { Events = [1], Damages = 1, Flaws = LogFlaws.CountDamaged });

    [Fact]
    public void Acknowledging_at_one_store_loses_events() =>
        Catches(new LogWorldOptions { Events = [1], Flaws = LogFlaws.AcknowledgeAtOne });

    [Fact]
    public void Answering_a_duplicate_at_once_loses_events() =>
        Catches(new LogWorldOptions { Events = [1, 2, 2], Flaws = LogFlaws.AnswerDuplicatesAtOnce });

    [Fact]
    public void Acknowledging_beyond_the_end_of_a_roll_loses_events() => Catches(new LogWorldOptions
    {
        Events = [1, 2, 3],
        RollFrames = 2,
        Flaws = LogFlaws.AcknowledgeWhileRolling,
    });

    [Fact]
    public void A_segment_that_appends_create_loses_events_with_trimming() =>
        Catches(LogWorldTests.Zombie with { Flaws = LogFlaws.NameBeforeCreate });

    [Fact]
    public void Deleting_before_the_manifest_says_so_loses_events() => Catches(new LogWorldOptions
    {
        Events = [1, 2],
        RollFrames = 2,
        Trims = 1,
        Flaws = LogFlaws.DeleteBeforePublish,
    });

    [Fact]
    public void Closing_without_making_the_end_durable_loses_events() =>
        Catches(new LogWorldOptions { Events = [1], LaterEvents = [1], Flaws = LogFlaws.SkipRepair });

    [Fact]
    public void A_store_that_forgets_and_keeps_its_name_loses_events() =>
        Catches(new LogWorldOptions { Events = [1], Losses = 1 });

    private void Catches(LogWorldOptions options)
    {
        var result = new BreadthFirstSearch<LogWorld>(new LogWorld(options), 100_000).Run();
        output.WriteLine(result.ToString());
        Console.WriteLine($"model checking, log, {options.Flaws}: {result.States:N0} states to: {result.Violation}");
        Assert.NotNull(result.Violation);
        Assert.NotEmpty(result.Schedule);
    }
}
