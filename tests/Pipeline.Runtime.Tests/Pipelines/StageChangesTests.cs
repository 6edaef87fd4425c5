using Pipeline.Runtime.Pipelines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>What is said beforehand of a change is what happens.</summary>
public sealed class StageChangesTests
{
    private const string Sums = "SELECT k, SUM(v) AS n FROM r GROUP BY k, TumblingWindow(second, 10)";

    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(Sums, "sums kept", 3)]
    [InlineData(Sums + " HAVING SUM(v) > 0", "sums lost", 2)]
    public async Task What_open_windows_hold_is_kept_or_lost_as_was_said(string query, string said, int sum)
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Definition($"sums: {{ query: '{Sums}' }}"));
        await AppendAsync(world, "one", 1);
        await world.UntilAsync("a", static status => status.Instances.Sum(static each => each.Counts.Read) == 1);

        var next = Definition($"sums: {{ query: '{query}' }}", "more: { query: SELECT k FROM r }");
        var tried = await TryAsync(world, next);
        Assert.Equal([said, "more empty"], tried.Select(Text));
        await world.ApplyAsync(next);
        await AppendAsync(world, "two", 2);
        await world.WatermarkAsync("r", Start.AddMinutes(1).Ticks);

        var row = Assert.Single(await world.ReadAsync("a.sums", 1));
        Assert.Contains($"\"n\":{sum}", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_each_stage_would_go_on_or_begin_is_said()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Definition("all: { query: 'SELECT k, v FROM r', materialize: true }"));
        await AppendAsync(world, "one", 1);
        await AppendAsync(world, "two", 2);
        await world.UntilAsync("a", static status => status.Instances.Sum(static each => each.Counts.Read) == 2);

        var tried = await TryAsync(world, Definition(
            "all: { query: 'SELECT k, v FROM r', materialize: true }",
            "behind: { query: SELECT k FROM all, materialize: true }",
            "beside: { query: SELECT v FROM r, materialize: true }"));
        Assert.Equal(["all kept", "behind empty", "beside empty"], tried.Select(Text));
        Assert.Equal([new StagePosition("r", 0, 2)], tried[0].Cut);
        Assert.Equal([new StagePosition("r", 0, 2)], tried[1].Cut);
        Assert.Equal("A new stage, which begins with the next event that all reads.", tried[1].Why);
        Assert.Equal([new StagePosition("r", 0, 0)], tried[2].Cut);
        Assert.Equal("A new stage, which begins with the first event that r keeps.", tried[2].Why);

        tried = await TryAsync(world, Definition("other: { query: SELECT v FROM r }"));
        Assert.Equal(["other empty", "all lost"], tried.Select(Text));
        Assert.Empty(tried[1].Cut);
    }

    private static string Text(StageChange change) => $"{change.Stage} {change.State}".ToLowerInvariant();

    private static async Task<IReadOnlyList<StageChange>> TryAsync(PipelineWorld world, string text)
    {
        var generation = world.Keeper.State.Pipeline("a")!.Generation;
        var outcome = await world.Keeper.TryAsync(new ApplyRequest { Text = text }, default);
        Assert.True(outcome.Status == ApplyStatus.Valid, $"{outcome.Status}: {string.Join(", ", outcome.Errors)}");
        Assert.Equal(generation, world.Keeper.State.Pipeline("a")!.Generation);
        return outcome.Changes;
    }

    private static string Definition(params string[] stages) =>
        "name: a\nstreams: { r: { partitions: 1, key: k, time: at, idle: never } }\nstages:\n"
        + string.Concat(stages.Select(static stage => $"  {stage}\n"));

    private static Task AppendAsync(PipelineWorld world, string handle, int value) => world.AppendAsync(
        "r", handle, ("k", $$"""{"k":"k","v":{{value}},"at":"{{Start:O}}"}"""));
}
