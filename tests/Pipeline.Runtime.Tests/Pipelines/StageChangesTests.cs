using Pipeline.Processing.Instances;
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
        await world.ApplyAsync(next, said == "sums lost" ? ["sums"] : []);
        await AppendAsync(world, "two", 2);
        await world.WatermarkAsync("r", Start.AddMinutes(1).Ticks);

        var row = Assert.Single(await world.ReadAsync("a.sums", 1));
        Assert.Contains($"\"n\":{sum}", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_held_of_a_source_that_is_read_no_longer_is_lost()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        var q = Sums.Replace("FROM r", "FROM q", StringComparison.Ordinal);
        await world.ApplyAsync(Definition($"sums: {{ query: '{Sums} UNION {q}' }}"));
        await AppendAsync(world, "one", 1);

        // Nothing has come from q yet.
        Assert.Equal(["sums kept"], (await TryAsync(world, Definition($"sums: {{ query: '{Sums}' }}"))).Select(Text));
        await AppendAsync(world, "two", 2, "q");
        Assert.Equal(["sums lost"], (await TryAsync(world, Definition($"sums: {{ query: '{Sums}' }}"))).Select(Text));
        Assert.Equal(["sums kept"], (await TryAsync(
            world, Definition($"sums: {{ query: '{q} UNION {Sums}' }}"))).Select(Text));
        await world.ApplyAsync(Definition($"sums: {{ query: '{Sums}' }}"), "sums");
        var tried = await TryAsync(world, Definition($"sums: {{ query: '{q}' }}"));
        Assert.Equal(["sums lost"], tried.Select(Text));
        Assert.Equal("It does not read r as it did: what it holds of that is dropped.", tried[0].Why);
        Assert.Equal(["sums kept"], (await TryAsync(
            world, Definition($"sums: {{ query: '{Sums} UNION {q}' }}"))).Select(Text));
    }

    [Fact]
    public async Task A_stage_that_comes_back_goes_on_where_it_stopped_as_was_said()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        var all = Definition("all: { query: 'SELECT k, v FROM r', materialize: true }");
        await world.ApplyAsync(all);
        await AppendAsync(world, "one", 1);
        await world.UntilAsync("a", static status => status.Instances.Sum(static each => each.Counts.Read) == 1);
        await world.ApplyAsync(Definition());
        await AppendAsync(world, "two", 2);

        var tried = await TryAsync(world, all);
        Assert.Equal(["all kept"], tried.Select(Text));
        Assert.Equal([new StagePosition("r", 0, 1)], tried[0].Cut);
        await world.ApplyAsync(all);
        Assert.Equal(
            ["""{"k":"k","v":1}""", """{"k":"k","v":2}"""],
            (await world.ReadAsync("a.all", 2)).Select(static row => row[row.IndexOf('{')..]));
    }

    /// <summary>Of a pipeline that rests nothing moves between what is said and what is done.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Jobs_that_are_rebuilt_begin_where_was_said(int seed)
    {
        var draw = new Random(seed);
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores, seed);
        for (var change = 0; change < 12; change++)
        {
            var text = RebuiltJobTests.Streams + RebuiltJobTests.Unions[draw.Next(RebuiltJobTests.Unions.Count)];
            HashSet<StagePosition> said =
                change == 0 ? [] : [.. (await TryAsync(world, text)).SelectMany(static stage => stage.Cut)];
            await world.ApplyAsync(text);
            await world.Keeper.PauseAsync("a", null, default);
            if (change > 0)
            {
                await world.UntilAsync(
                    "a",
                    status => said.All(position => status.Instances.Any(each => IsAt(each, position))),
                    $"said at change {change}, of {text}: {string.Join(", ", said)}");
            }

            await world.Keeper.ResumeAsync("a", null, default);
            foreach (var stream in new[] { "r", "q" })
            {
                await world.AppendAsync(
                    stream, $"{change}", [.. Enumerable.Range(change * 10, 10).Select(RebuiltJobTests.Event)]);
            }

            await world.UntilAsync("a", status => status.Instances.All(static each => each.LagEvents == 0));
            var ends = Cursors(world);
            await world.Keeper.PauseAsync("a", null, default);
            Assert.All(Cursors(world).Zip(ends), static pair => Assert.True(pair.First >= pair.Second, $"{pair}"));
            if (draw.Next(2) == 0)
            {
                // Not read when the next change comes.
                await world.AppendAsync(
                    "r", $"{change} more", [.. Enumerable.Range(0, 9).Select(RebuiltJobTests.Event)]);
            }
        }
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
        Assert.Equal(["other empty", "all empty"], tried.Select(Text));
        Assert.Equal("The definition has no such stage any more. It held nothing between events.", tried[1].Why);
        Assert.Empty(tried[1].Cut);
    }

    /// <summary>
    /// A stream that the pipeline itself writes may have more by then: what its stages read to the end first.
    /// </summary>
    private static bool IsAt(StageInstanceStatus instance, StagePosition position) =>
        (instance.Input, instance.Partition) == (position.Input, position.Partition)
        && (instance.Cursor == position.Offset
            || (instance.Cursor > position.Offset && position.Input.StartsWith("a.", StringComparison.Ordinal)));

    private static IReadOnlyList<long> Cursors(PipelineWorld world) =>
        world.Keeper.TryGet("a", out var status) ? [.. status.Instances.Select(static each => each.Cursor)] : [];

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
        "name: a\nstreams:\n  r: { partitions: 1, key: k, time: at, idle: never }\n"
        + "  q: { partitions: 1, key: k, time: at, idle: never }\n"
        + (stages.Length == 0 ? "" : $"stages:\n{string.Concat(stages.Select(static stage => $"  {stage}\n"))}");

    private static Task AppendAsync(PipelineWorld world, string handle, int value, string stream = "r") =>
        world.AppendAsync(stream, handle, ("k", $$"""{"k":"k","v":{{value}},"at":"{{Start:O}}"}"""));
}
