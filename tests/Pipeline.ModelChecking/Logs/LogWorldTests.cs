using Pipeline.Kernel.Logs;
using Xunit;

namespace Pipeline.ModelChecking.Logs;

/// <summary>The shipped owner loses, repeats and reorders nothing while others take over from it.</summary>
public sealed class LogWorldTests
{
    [Fact]
    public void The_first_owner_serves_when_a_world_begins() =>
        Assert.Equal(LogPhase.Serving, new LogWorld(new LogWorldOptions()).PhaseOf(0));

    [Fact]
    public void An_owner_and_its_successor() => LogSearch.HoldsToTheEnd(LogWorlds.Successor);

    [Fact]
    public void An_event_is_sent_again_to_its_owner() => LogSearch.HoldsToTheEnd(LogWorlds.Repeated);

    [Fact]
    public void An_event_is_sent_again_to_the_successor() => LogSearch.HoldsToTheEnd(LogWorlds.SentAgain);

    [Fact]
    public void An_owner_and_two_successors() => LogSearch.HoldsToTheEnd(LogWorlds.TwoSuccessors);

    [Fact]
    public void An_answer_is_lost() => LogSearch.HoldsToTheEnd(LogWorlds.LostAnswer);

    [Fact]
    public void Segments_are_created_lazily() => LogSearch.HoldsToTheEnd(LogWorlds.Lazy);

    [Fact]
    public void Segments_are_created_lazily_by_two_successors() =>
        LogSearch.HoldsToTheEnd(LogWorlds.LazyTwoSuccessors);

    [Fact]
    public void Counting_like_states_once_leaves_nothing_out_of_a_takeover() => IsTheSame(LogWorlds.SentAgain);

    [Fact]
    public void Counting_like_states_once_leaves_nothing_out_of_a_trim() =>
        IsTheSame(LogWorlds.DamagedTrimming with { Damages = 0 });

    /// <summary>All that stores, manifest and clients can come to is reached with the reductions as without.</summary>
    private static void IsTheSame(LogWorldOptions options) =>
        Assert.Equal(Outsides(options with { IsReduced = false }), Outsides(options));

    private static HashSet<UInt128> Outsides(LogWorldOptions options)
    {
        var symmetry = new LogSymmetry(hasSymmetry: true);
        var outsides = new HashSet<UInt128>();
        Assert.True(LogSearch.Run(options, world => outsides.Add(world.Outside(symmetry))).IsComplete);
        return outsides;
    }
}
