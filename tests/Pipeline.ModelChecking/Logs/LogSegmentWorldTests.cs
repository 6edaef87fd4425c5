using Xunit;

namespace Pipeline.ModelChecking.Logs;

/// <summary>The shipped owner loses nothing while it rolls and trims, nor when a copy goes bad.</summary>
public sealed class LogSegmentWorldTests
{
    [Fact]
    public void An_owner_rolls() => LogSearch.HoldsToTheEnd(LogWorlds.Rolling);

    [Fact]
    public void An_owner_rolls_and_trims() => LogSearch.HoldsToTheEnd(LogWorlds.Trimming);

    [Fact(Explicit = true)] // a minute and more: at night
    public void An_owner_and_two_successors_roll_and_trim() =>
        LogSearch.HoldsToTheEnd(LogWorlds.TrimmingTwoSuccessors);

    [Fact]
    public void An_owner_that_wakes_after_its_segment_was_trimmed() => LogSearch.HoldsToTheEnd(LogWorlds.Zombie);

    [Fact]
    public void A_copy_goes_bad_under_two_successors() => LogSearch.HoldsToTheEnd(LogWorlds.Damaged);

    [Fact]
    public void A_copy_goes_bad_and_an_answer_is_lost() => LogSearch.HoldsToTheEnd(LogWorlds.DamagedLostAnswer);

    [Fact]
    public void A_copy_goes_bad_while_an_owner_rolls_and_trims() =>
        LogSearch.HoldsToTheEnd(LogWorlds.DamagedTrimming);
}
