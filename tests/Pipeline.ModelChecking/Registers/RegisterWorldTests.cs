using Pipeline.ModelChecking.Exploration;
using Xunit;

namespace Pipeline.ModelChecking.Registers;

/// <summary>The shipped proposer loses nothing in any schedule of these worlds; each is searched to its end.</summary>
public sealed class RegisterWorldTests(ITestOutputHelper output)
{
    private const int StatesMax = 4_000_000;

    /// <summary>
    /// A proposer of a high ballot has the promise of the third store alone, and that store forgets it; another has the
    /// store rejoin at a low ballot, and changes the value.
    /// </summary>
    internal static RegisterWorldOptions Forgotten { get; } = new()
    {
        Scripts = ["2A", "C"],
        RoundFloors = [0, 10],
        Losses = 1,
        Prelude =
        [
            new(RegisterActionKind.Deliver, 1, 1),
            new(RegisterActionKind.Deliver, 1, 2),
            new(RegisterActionKind.Deliver, 1, 2),
            new(RegisterActionKind.Lose, 0, 2),
        ],
    };

    [Fact]
    public void Two_fast_changes_against_a_slow_one() =>
        Holds(new RegisterWorldOptions { Scripts = ["ABD", "C"], Settled = 1 });

    [Fact]
    public void A_fast_and_a_slow_change_and_one_that_tries_again() =>
        Holds(new RegisterWorldOptions { Scripts = ["AB", "C"], Settled = 1, Retries = 1 });

    [Fact]
    public void Two_changes_and_a_read_and_one_that_tries_again() =>
        Holds(new RegisterWorldOptions { Scripts = ["A", "C", "?"], Settled = 1, Retries = 1 });

    [Fact]
    public void A_store_forgets_and_rejoins_under_a_proposer_of_a_high_ballot() => Holds(Forgotten);

    [Fact]
    public void A_store_forgets_and_rejoins_between_two_fast_changes_and_a_slow_one() => Holds(new RegisterWorldOptions
    {
        Scripts = ["AB", "C", "2"],
        Settled = 1,
        Losses = 1,
        LosingStore = 2,
        Prelude = [new(RegisterActionKind.Lose, 0, 2), new(RegisterActionKind.Start, 2)],
    });

    [Fact]
    public void A_damaged_blob_abstains_and_rejoins() => Holds(new RegisterWorldOptions
    {
        Scripts = ["A=", "C"],
        Settled = 1,
        Damages = 1,
    });

    [Fact]
    public void Lost_answers_and_puts_that_arrive_late() => Holds(new RegisterWorldOptions
    {
        Scripts = ["AB", "C"],
        Settled = 1,
        LostAnswers = 1,
        LateRequests = 1,
    });

    [Fact]
    public void Answers_that_take_their_time() => Holds(new RegisterWorldOptions
    {
        Scripts = ["AB", "C"],
        Settled = 1,
        HeldAnswers = 1,
    });

    private void Holds(RegisterWorldOptions options)
    {
        var result = new BreadthFirstSearch<RegisterWorld>(new RegisterWorld(options), StatesMax).Run();
        var name = TestContext.Current.TestMethod?.MethodName;
        output.WriteLine(result.ToString());
        Console.WriteLine($"model checking, register: {name}: {result}");
        Assert.Null(result.Violation);
        Assert.True(result.IsComplete, "the world is larger than the search may be");
    }
}
