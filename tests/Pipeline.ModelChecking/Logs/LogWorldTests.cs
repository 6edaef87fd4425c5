using Pipeline.Kernel.Logs;
using Pipeline.ModelChecking.Exploration;
using Xunit;

namespace Pipeline.ModelChecking.Logs;

/// <summary>The shipped owner loses, repeats and reorders nothing in the schedules of these worlds.</summary>
public sealed class LogWorldTests(ITestOutputHelper output)
{
    private const int NearbyStates = 1_000_000;
    private const int StatesMax = 40_000_000;

    internal static LogWorldOptions Zombie { get; } = new()
    {
        Events = [1],
        LaterEvents = [9],
        RollFrames = 2,
        HasZombie = true,
    };

    [Fact]
    public void An_owner_that_wakes_after_its_segment_was_trimmed() => Holds(Zombie);

    [Fact]
    public void The_first_owner_serves_when_a_world_begins() =>
        Assert.Equal(LogPhase.Serving, new LogWorld(new LogWorldOptions()).PhaseOf(0));

    [Fact]
    public void An_owner_and_its_successor() => Holds(new LogWorldOptions { Events = [1] });

    [Fact]
    public void An_owner_and_two_successors() =>
        HoldsNearby(new LogWorldOptions { Events = [1], Delivered = 2, Owners = 3 });

    [Fact]
    public void A_copy_goes_bad() => HoldsNearby(new LogWorldOptions { Events = [1], Delivered = 3, Damages = 1 });

    [Fact]
    public void An_event_is_sent_again_to_the_successor() =>
        Holds(new LogWorldOptions { Events = [1], Delivered = 1, LaterEvents = [1] });

    [Fact]
    public void An_owner_rolls_and_trims() =>
        HoldsNearby(new LogWorldOptions { Events = [1], Delivered = 1, RollFrames = 2, Trims = 1 });

    [Fact]
    public void Counting_like_states_once_leaves_nothing_out()
    {
        var options = new LogWorldOptions { Events = [1], LaterEvents = [1] };
        Assert.Equal(Outsides(options with { IsReduced = false }), Outsides(options));
    }

    private HashSet<UInt128> Outsides(LogWorldOptions options)
    {
        var symmetry = new LogSymmetry(hasSymmetry: true);
        var outsides = new HashSet<UInt128>();
        var search = new BreadthFirstSearch<LogWorld>(
            new LogWorld(options), StatesMax, world => outsides.Add(world.Outside(symmetry)));
        var result = search.Run();
        output.WriteLine($"{outsides.Count:N0} outsides of {result}");
        Console.WriteLine($"{outsides.Count:N0} outsides of {result}");
        Assert.True(result.IsComplete);
        return outsides;
    }

    private void Holds(LogWorldOptions options) =>
        Assert.True(Search(options, StatesMax).IsComplete, "the world is larger than the search may be");

    /// <summary>Too large to be searched to the end: all that is reached by the fewest actions holds.</summary>
    private void HoldsNearby(LogWorldOptions options) => Assert.True(Search(options, NearbyStates).Depth > 0);

    private SearchResult Search(LogWorldOptions options, int statesMax)
    {
        var world = new LogWorld(options);
        var result = new BreadthFirstSearch<LogWorld>(world, statesMax).Run();
        output.WriteLine(result.ToString());
        Console.WriteLine($"model checking, log: {TestContext.Current.TestMethod?.MethodName}: {result} {world.OwnerStates} owners");
        Assert.Null(result.Violation);
        return result;
    }
}
