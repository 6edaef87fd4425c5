using Pipeline.Kernel.Registers;
using Pipeline.ModelChecking.Exploration;
using Xunit;

namespace Pipeline.ModelChecking.Registers;

/// <summary>Each rule is needed: without it the search finds a schedule that loses a chosen value.</summary>
public sealed class RegisterCanaryTests(ITestOutputHelper output)
{
    [Fact]
    public void A_cached_version_alone_is_no_promise() => Catches(new RegisterWorldOptions
    {
        Scripts = ["AB", "C"],
        Settled = 1,
        Ids = [2, 1],
        Rules = new RegisterRules { AcceptPromisesNext = false },
    });

    [Fact]
    public void Repeating_a_put_after_a_conflict_without_looking_at_the_ballots_loses_values() =>
        Catches(new RegisterWorldOptions
        {
            Scripts = ["A", "C"],
            Rules = new RegisterRules { ConflictRechecksBallot = false },
        });

    [Fact]
    public void A_store_that_forgot_and_is_read_as_empty_loses_values() => Catches(new RegisterWorldOptions
    {
        Scripts = ["A", "C"],
        Losses = 1,
        Rules = new RegisterRules { MissingAbstains = false },
    });

    [Fact]
    public void A_damaged_blob_that_is_read_as_empty_loses_values() => Catches(new RegisterWorldOptions
    {
        Scripts = ["A", "C"],
        Damages = 1,
        Rules = new RegisterRules { MissingAbstains = false },
    });

    [Fact]
    public void A_copy_of_one_peer_over_a_store_that_forgot_loses_values() => Catches(new RegisterWorldOptions
    {
        Scripts = ["A", "C"],
        Losses = 1,
        Rules = new RegisterRules { RejoinNeedsQuorum = false },
    });

    [Fact]
    public void A_store_that_rejoins_by_a_round_begun_before_it_forgot_loses_values() => Catches(new()
    {
        Scripts = ["AB", "C"],
        RoundFloors = [0, 10],
        Losses = 1,
        LosingStore = 2,
        Rules = new RegisterRules { RejoinNeedsFreshRound = false },
    });

    [Fact]
    public void Promises_from_before_and_after_a_rejoin_do_not_add_up() => Catches(RegisterWorldTests.Forgotten with
    {
        Rules = new RegisterRules { NewerValueRestartsRound = false },
    });

    [Fact]
    public void One_stores_accepted_value_is_not_to_be_given_out() => Catches(new RegisterWorldOptions
    {
        Scripts = ["A", "?"],
        Rules = new RegisterRules { ReadNeedsQuorum = false },
    });

    [Fact]
    public void Two_proposers_under_one_id_lose_values() => Catches(new RegisterWorldOptions
    {
        Scripts = ["A", "C"],
        Ids = [1, 1],
        Retries = 1,
    });

    private void Catches(RegisterWorldOptions options)
    {
        var result = new BreadthFirstSearch<RegisterWorld>(new RegisterWorld(options), 2_000_000).Run();
        output.WriteLine(result.ToString());
        Console.WriteLine($"model checking, register without a rule: {result.States:N0} states to: {result.Violation}");
        Assert.NotNull(result.Violation);
        Assert.NotEmpty(result.Schedule);
    }
}
