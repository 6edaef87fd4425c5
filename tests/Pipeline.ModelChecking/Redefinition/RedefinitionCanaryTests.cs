using Xunit;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>Each rule is needed: without it the search finds a schedule that loses or repeats an output.</summary>
public sealed class RedefinitionCanaryTests
{
    [Fact]
    public void A_cut_without_replay() => Catches(RedefinitionWorlds.Rekeyed, RedefinitionFlaws.CutWithoutReplay);

    [Fact]
    public void A_cut_that_does_not_open_the_producers() =>
        Catches(RedefinitionWorlds.Rekeyed, RedefinitionFlaws.CutWithoutOpening);

    [Fact]
    public void An_activation_of_a_lower_term() =>
        Catches(RedefinitionWorlds.Rekeyed, RedefinitionFlaws.ActivateLower);

    [Fact]
    public void A_switch_that_compares_nothing() =>
        Catches(RedefinitionWorlds.Rekeyed, RedefinitionFlaws.SwitchBlindly);

    [Fact]
    public void A_checkpoint_before_its_outputs() =>
        Catches(RedefinitionWorlds.Rekeyed, RedefinitionFlaws.CheckpointEarly);

    [Fact]
    public void An_old_text_resumed_under_a_term_that_nobody_knows() =>
        Catches(RedefinitionWorlds.Rekeyed, RedefinitionFlaws.ResumeUnnamed);

    [Fact]
    public void An_old_text_that_keeps_its_term() =>
        RedefinitionSearch.Catches(RedefinitionWorlds.Rekeyed, RedefinitionFlaws.NeverResume);

    [Fact]
    public void An_old_text_resumed_as_another_layout() =>
        RedefinitionSearch.Catches(RedefinitionWorlds.Rekeyed, RedefinitionFlaws.ResumeAsNew);

    [Fact]
    public void A_reservation_without_a_mark() =>
        Catches(RedefinitionWorlds.TwoChanges, RedefinitionFlaws.ReserveUnmarked | RedefinitionFlaws.SendBeforeOwning);

    [Fact]
    public void A_cut_repeated_under_its_term() =>
        Catches(RedefinitionWorlds.Repeated, RedefinitionFlaws.AttemptsShareTerm);

    [Fact]
    public void A_cut_in_place_repeated_under_its_term() =>
        Catches(RedefinitionWorlds.InPlace, RedefinitionFlaws.AttemptsShareTerm);

    [Fact]
    public void A_layout_that_sends_before_the_checkpoint_is_its_own() =>
        RedefinitionSearch.Catches(RedefinitionWorlds.Rekeyed, RedefinitionFlaws.SendBeforeOwning);

    /// <summary>Without the world's look at what the targets hold: only the machine's own.</summary>
    private static void Catches(RedefinitionOptions options, RedefinitionFlaws flaw) =>
        RedefinitionSearch.Catches(options, flaw | RedefinitionFlaws.BeginAnywhere);
}
