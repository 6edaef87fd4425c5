using Pipeline.Replication.Registers;
using Pipeline.Runtime.Pipelines;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>
/// Changes while a majority of stores is away: what is said not to be done is not done later, and what may be done
/// later is said to be unknown.
/// </summary>
public sealed class UnansweredChangeTests
{
    private const string Text = "name: a\nstreams: { s: {} }\nstages:\n  v: { query: SELECT * FROM s }\n";
    private const string Longer = Text + "  w: { query: SELECT n FROM s }\n";

    public static TheoryData<string> Changes => ["pause", "resume", "delete", "delete streams", "put", "new"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_is_refused_without_a_majority_is_not_done_when_it_is_back(string change)
    {
        // The one store that is left would take it, and give it to who reads when the others are back.
        var isAway = false;
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await StartAsync(
            stores,
            (store, _) =>
                isAway && store > 0 ? new StoreFault(BlobStatus.Unavailable, IsDone: false) : StoreFault.None);
        await BeginAsync(world, change);
        var before = Describe(world);
        isAway = true;
        Assert.Equal("Unavailable", await ChangeAsync(world, change));
        isAway = false;
        await AfterwardsAsync(world);
        Assert.Equal(before, Describe(world));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_one_store_may_have_taken_is_unknown_or_known_for_certain(string change)
    {
        // One store takes what it does not answer; the others take nothing: a minority has it.
        var isGoing = false;
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await StartAsync(
            stores,
            (store, what) => isGoing && what == "put"
                ? new StoreFault(BlobStatus.Unavailable, IsDone: store == 0)
                : StoreFault.None);
        await BeginAsync(world, change);
        var before = Describe(world);
        isGoing = true;
        var answer = await ChangeAsync(world, change);
        isGoing = false;
        await AfterwardsAsync(world);
        if (answer == "Unavailable")
        {
            Assert.Equal(before, Describe(world));
        }
        else
        {
            Assert.Equal("OutcomeUnknown", answer);
        }

        Assert.True(change is "put" or "new" || answer == "OutcomeUnknown", answer);
    }

    private static Task<PipelineWorld> StartAsync(ThreeStores stores, Func<int, string, StoreFault> decide) =>
        PipelineWorld.StartAsync(stores, decorate: again =>
        {
            for (var store = 0; store < 3; store++)
            {
                var number = store;
                again.Decorate(store, inner => new FaultyStore(inner, what => decide(number, what)));
            }
        },
        patience: new RegisterOptions { OperationTimeout = TimeSpan.FromSeconds(3) });

    private static async Task BeginAsync(PipelineWorld world, string change)
    {
        await AppliedAsync(world, Text);
        if (change == "resume")
        {
            await DoneAsync(() => world.Keeper.PauseAsync("a", null, default));
        }
    }

    private const string New = "name: z\nstreams: { t: {} }";

    private static async Task<string> ChangeAsync(PipelineWorld world, string change) => change switch
    {
        "pause" => $"{(await world.Keeper.PauseAsync("a", null, default)).Status}",
        "resume" => $"{(await world.Keeper.ResumeAsync("a", null, default)).Status}",
        "delete" => $"{(await world.Keeper.DeleteAsync("a", false, null, default)).Status}",
        "delete streams" => $"{(await world.Keeper.DeleteAsync("a", true, null, default)).Status}",
        "put" => $"{(await world.Keeper.ApplyAsync(new ApplyRequest { Text = Longer }, default)).Status}",
        _ => $"{(await world.Keeper.ApplyAsync(new ApplyRequest { Text = New }, default)).Status}",
    };

    /// <summary>Another change goes through: whatever was under way is settled.</summary>
    private static async Task AfterwardsAsync(PipelineWorld world)
    {
        await AppliedAsync(world, "name: y\nstreams: { u: {} }");
        await DoneAsync(() => world.Keeper.DeleteAsync("y", true, null, default));
    }

    /// <summary>Its registers have little patience: a busy machine may need more than one try.</summary>
    private static async Task AppliedAsync(PipelineWorld world, string text)
    {
        ApplyOutcome outcome;
        do
        {
            outcome = await world.Keeper.ApplyAsync(new ApplyRequest { Text = text }, default);
        }
        while (outcome.Status is ApplyStatus.Unavailable or ApplyStatus.OutcomeUnknown);
        Assert.Contains(outcome.Status, new[] { ApplyStatus.Applied, ApplyStatus.Unchanged });
    }

    private static async Task DoneAsync(Func<ValueTask<PipelineOutcome>> change)
    {
        PipelineOutcome outcome;
        do
        {
            outcome = await change();
        }
        while (outcome.Status is PipelineOutcomeStatus.Unavailable or PipelineOutcomeStatus.OutcomeUnknown);
        Assert.Contains(outcome.Status, new[] { PipelineOutcomeStatus.Done, PipelineOutcomeStatus.NotFound });
    }

    private static string Describe(PipelineWorld world) => string.Join(
        "; ",
        world.Pipelines.List().Select(static pipeline =>
            $"{pipeline.Name} {pipeline.Generation} {pipeline.IsPaused} {pipeline.Definition}")
            .Concat(world.Keeper.ListAll().Select(static stream => stream.Name.Value).Order(StringComparer.Ordinal)));
}
