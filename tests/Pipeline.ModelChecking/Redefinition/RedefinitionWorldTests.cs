using Xunit;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>
/// Each event is processed exactly once, whatever the schedule; each world is searched to its end. The largest are
/// explicit: they are searched at night.
/// </summary>
public sealed class RedefinitionWorldTests
{
    [Fact]
    public void Another_key() => RedefinitionSearch.HoldsToTheEnd(RedefinitionWorlds.Rekeyed);

    [Fact]
    public void An_instance_is_cut_where_it_runs() => RedefinitionSearch.HoldsToTheEnd(RedefinitionWorlds.InPlace);

    [Fact]
    public void A_cut_from_the_checkpoint_is_repeated() =>
        RedefinitionSearch.HoldsToTheEnd(RedefinitionWorlds.Repeated);

    [Fact]
    public void Two_changes_at_once() => RedefinitionSearch.HoldsToTheEnd(RedefinitionWorlds.TwoChanges);

    [Fact]
    public void Outputs_of_a_watermark() => RedefinitionSearch.HoldsToTheEnd(RedefinitionWorlds.Ordinals);

    [Fact]
    public void An_output_more_and_back_and_again() =>
        RedefinitionSearch.HoldsToTheEnd(RedefinitionWorlds.ThereAndBack);

    [Fact(Explicit = true)]
    public void An_output_more_and_back_and_again_at_length() =>
        RedefinitionSearch.HoldsToTheEnd(RedefinitionWorlds.LongThereAndBack);

    [Fact(Explicit = true)]
    public void Another_key_and_three_processes() =>
        RedefinitionSearch.HoldsToTheEnd(RedefinitionWorlds.ThreeProcesses);

    [Fact(Explicit = true)]
    public void Two_changes_at_once_and_resumed() =>
        RedefinitionSearch.HoldsToTheEnd(RedefinitionWorlds.TwoChangesResumed);

    [Fact(Explicit = true)]
    public void Outputs_of_a_watermark_after_two_events() =>
        RedefinitionSearch.HoldsToTheEnd(RedefinitionWorlds.LongOrdinals);

    [Fact]
    public void Two_instances() => RedefinitionSearch.HoldsToTheEnd(RedefinitionWorlds.TwoInstances);

    /// <summary>The targets fence a lower term even where its register lets it in.</summary>
    [Fact]
    public void A_register_that_lets_lower_terms_in() => RedefinitionSearch.HoldsToTheEnd(
        RedefinitionWorlds.Rekeyed with { Flaws = RedefinitionFlaws.IgnoreTerm });
}
