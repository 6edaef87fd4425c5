using Xunit;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>Stages that move between instances: nothing is lost or repeated, and their states go with them.</summary>
public sealed class MoveTests
{
    [Fact]
    public void A_stage_is_fused() => RedefinitionSearch.HoldsToTheEnd(MoveWorlds.Fusing);

    [Fact]
    public void A_stage_is_fused_and_resumed() => RedefinitionSearch.HoldsToTheEnd(MoveWorlds.FusingResumed);

    [Fact]
    public void A_fused_stage_gets_its_own_instance() => RedefinitionSearch.HoldsToTheEnd(MoveWorlds.Parting);

    [Fact]
    public void A_fused_stage_gets_its_own_instance_by_two_changes() =>
        RedefinitionSearch.HoldsToTheEnd(MoveWorlds.PartingTwice);

    [Fact]
    public void A_stage_is_fused_and_apart_again() => RedefinitionSearch.HoldsToTheEnd(MoveWorlds.ThereAndBack);

    [Fact]
    public void A_stage_is_fused_and_dropped_and_comes_back() =>
        RedefinitionSearch.HoldsToTheEnd(MoveWorlds.Dropping);

    [Fact]
    public void Fusing_without_draining() =>
        RedefinitionSearch.Catches(MoveWorlds.Fusing, RedefinitionFlaws.FuseWithoutDraining);

    [Fact]
    public void A_downstream_cut_before_its_upstream() =>
        RedefinitionSearch.Catches(MoveWorlds.Fusing, RedefinitionFlaws.DownstreamFirst);

    [Fact]
    public void Fusing_without_the_state() =>
        RedefinitionSearch.Catches(MoveWorlds.Fusing, RedefinitionFlaws.MoveWithoutState);

    [Fact]
    public void Parting_without_the_state() =>
        RedefinitionSearch.Catches(MoveWorlds.Parting, RedefinitionFlaws.MoveWithoutState);

    [Fact]
    public void Parting_without_a_seed() =>
        RedefinitionSearch.Catches(MoveWorlds.Parting, RedefinitionFlaws.UnfuseWithoutSeed);

    [Fact]
    public void A_late_seed() => RedefinitionSearch.Catches(MoveWorlds.PartingTwice, RedefinitionFlaws.SeedBlindly);

    [Fact]
    public void A_fused_stage_dropped_and_forgotten() =>
        RedefinitionSearch.Catches(MoveWorlds.Dropping, RedefinitionFlaws.ForgetElsewhere);
}
