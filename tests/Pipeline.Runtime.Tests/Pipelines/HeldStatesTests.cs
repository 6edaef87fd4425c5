using Pipeline.Runtime.Pipelines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>A change that would drop what stages hold is refused, and what was said to go on does.</summary>
public sealed class HeldStatesTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_change_that_would_drop_state_changes_nothing_until_it_says_that_it_may()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Counts("hour"));
        await AppendAsync(world, "one");
        var outcome = await ApplyAsync(world, new ApplyRequest { Text = Counts("minute") });
        Assert.Equal(ApplyStatus.StateWouldBeLost, outcome.Status);
        var lost = Assert.Single(outcome.Changes);
        Assert.Equal(("w", StageFate.Lost), (lost.Stage, lost.State));
        Assert.Equal("Its query, key or lateness is another one: what it holds is dropped.", lost.Why);
        Assert.Equal(
            "What these stages hold between events would be dropped: w. Nothing was changed.", outcome.Detail);
        Assert.Equal(1, world.Keeper.State.Pipeline("a")!.Generation);

        await AppendAsync(world, "two");
        await world.WatermarkAsync("r", Start.AddHours(2).Ticks);
        Assert.Contains("\"n\":2", Assert.Single(await world.ReadAsync("a.w", 1)), StringComparison.Ordinal);
        outcome = await ApplyAsync(world, new ApplyRequest { Text = Counts("minute"), ResetAll = true });
        Assert.Equal((ApplyStatus.Applied, 2), (outcome.Status, outcome.Pipeline!.Generation));
    }

    [Fact]
    public async Task An_event_that_comes_after_the_look_and_before_the_cut_is_not_lost()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var owner = await PipelineWorld.StartAsync(stores);
        var partitions = new FaultyPartitions(owner.Partitions);
        await using var world = await PipelineWorld.StartAsync(stores, seed: 2, partitions: partitions);
        await world.ApplyAsync(Counts("hour"));
        var looks = 0;
        partitions.OnLook = async id =>
        {
            if (Interlocked.Increment(ref looks) == 1)
            {
                await AppendAsync(world, "between");
                await world.UntilAsync("a", static status => status.Instances[0].Counts.Read == 1);
            }
        };
        var outcome = await ApplyAsync(world, new ApplyRequest { Text = Counts("minute") });
        Assert.NotEqual(0, looks);
        Assert.Equal(ApplyStatus.StateWouldBeLost, outcome.Status);
        Assert.Equal("w", Assert.Single(outcome.Changes).Stage);
        Assert.Equal(1, world.Keeper.State.Pipeline("a")!.Generation);

        // What was cut for it goes on with what it held.
        await world.WatermarkAsync("r", Start.AddHours(2).Ticks);
        Assert.Contains("\"n\":1", Assert.Single(await world.ReadAsync("a.w", 1)), StringComparison.Ordinal);
    }

    /// <summary>The stream between two stages is new and empty: what its reader holds came with it.</summary>
    [Fact]
    public async Task State_that_moved_to_an_instance_without_events_is_not_taken_for_none()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        const string Other = "key: k, query: 'SELECT z AS k, at FROM r'";
        await world.ApplyAsync(Chained("query: 'SELECT k, at FROM r'", ""));
        await AppendAsync(world, "one");
        await world.ApplyAsync(Chained(Other, ""));
        Assert.True(world.Keeper.TryGet("a", out var status));
        Assert.Equal(2, status.Instances.Count(
            static each => (each.Stage, each.Input, each.Cursor) == ("w", "a.v", 0)));

        var next = Chained(Other, " HAVING COUNT(*) > 0");
        Assert.Equal(["v kept", "w lost"], await TryAsync(world, next));
        Assert.Equal(ApplyStatus.StateWouldBeLost, (await ApplyAsync(world, new ApplyRequest { Text = next })).Status);
        await world.WatermarkAsync("r", Start.AddHours(2).Ticks);
        Assert.Contains("\"n\":1", Assert.Single(await world.ReadAsync("a.w", 1)), StringComparison.Ordinal);
    }

    /// <summary>It keeps its input's key, so that its output has another one from then on.</summary>
    [Fact]
    public async Task What_a_stage_of_another_pipeline_would_lose_is_refused_too()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Keyed("k"));
        await world.ApplyAsync("name: b\nstages: { w: { query: "
            + "'SELECT k, z, COUNT(*) AS n FROM [a.v] GROUP BY k, z, TumblingWindow(hour, 1)' } }");
        await AppendAsync(world, "one");
        await world.UntilAsync("b", static status => status.Instances.Sum(static each => each.Counts.Read) == 1);

        Assert.Equal(["v kept", "b.w lost"], await TryAsync(world, Keyed("z")));
        var outcome = await ApplyAsync(world, new ApplyRequest { Text = Keyed("z") });
        Assert.Equal(ApplyStatus.StateWouldBeLost, outcome.Status);
        var lost = Assert.Single(outcome.Changes);
        Assert.Equal("b.w", lost.Stage);
        Assert.StartsWith("Pipeline 'b' reads what changes. ", lost.Why, StringComparison.Ordinal);
        await world.ApplyAsync(Keyed("z"), "b.w");
    }

    /// <summary>Grouped by two fields it may be spread by either: what is held lies where the old key led.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("key: k, ")]
    [InlineData("key: z, ")]
    public async Task A_stage_whose_input_is_keyed_anew_would_lose_what_it_holds_and_says_so(string key)
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Both("k"));
        var letters = Enumerable.Range(0, 8).Select(static n => $"{(char)('a' + n)}").ToList();
        var events = letters.SelectMany((k, i) => letters.Select((z, j) => (k, $$"""
            {"k":"{{k}}","z":"{{z}}","at":"2026-01-01T00:00:{{i + j:00}}Z"}
            """))).ToArray();
        await world.AppendAsync("r", "one", events);
        await world.UntilAsync("a", static status => status.Instances.Any(static each => each.Stage == "v"
            && each.Counts.Read == 64));
        Assert.Equal(["v kept", "w lost"], await TryAsync(world, Both("z")));
        await world.ApplyAsync(Both("z"), "w");
        await world.AppendAsync("r", "two", events);
        await world.WatermarkAsync("r", Start.AddHours(2).Ticks);
        var rows = await world.ReadAsync("a.w", events.Length);
        Assert.Equal(events.Length, rows.Select(static row => row[row.IndexOf('{', StringComparison.Ordinal)..])
            .Distinct().Count());
        Assert.All(rows, static row => Assert.Contains("\"n\":1", row, StringComparison.Ordinal));

        string Both(string spread) => $$"""
            name: a
            streams: { r: { partitions: 1, key: k, time: at, idle: never } }
            stages:
              v: { key: {{spread}}, partitions: 2, query: 'SELECT * FROM r' }
              w: { {{key}}query: 'SELECT k, z, COUNT(*) AS n FROM v GROUP BY k, z, TumblingWindow(hour, 1)' }
            """;
    }

    [Fact]
    public async Task A_name_in_a_request_that_is_no_stage_is_refused_and_one_of_either_definition_is_not()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Counts("hour"));
        await AppendAsync(world, "one");
        var renamed = Counts("hour").Replace("w:", "x:", StringComparison.Ordinal);
        var outcome = await ApplyAsync(world, new ApplyRequest { Text = renamed, Reset = ["w", "y"] });
        Assert.Equal(ApplyStatus.UnknownStage, outcome.Status);
        Assert.Equal(
            "'reset' names 'y', which is no stage of this definition, nor of the one in force. Stages: x, w.",
            outcome.Detail);
        await world.ApplyAsync(renamed, "w", "x");
        outcome = await ApplyAsync(world, new ApplyRequest { Text = renamed, Reset = ["w"] });
        Assert.Equal(ApplyStatus.UnknownStage, outcome.Status);
    }

    [Fact]
    public async Task A_file_that_would_drop_state_waits_and_its_pipeline_says_so_until_another_text_is_in_force()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using (var first = await PipelineWorld.StartAsync(stores))
        {
            await ApplyAsync(first, new ApplyRequest { Text = Counts("hour"), FileName = "a.yaml" });
            await AppendAsync(first, "one");
        }

        await using var world = await PipelineWorld.StartAsync(stores, 2);
        var changed = new ApplyRequest { Text = Counts("minute"), FileName = "a.yaml" };
        Assert.Equal(ApplyStatus.StateWouldBeLost, (await ApplyAsync(world, changed)).Status);
        Assert.True(world.Keeper.TryGet("a", out var status));
        Assert.Equal(("a.yaml", "w"), (status.Refused!.File, Assert.Single(status.Refused.Lost).Stage));
        Assert.NotNull(Assert.Single(world.Pipelines.List()).Refused);
        await world.Keeper.PauseAsync("a", null, default);
        Assert.NotNull(Assert.Single(world.Pipelines.List()).Refused);

        // By API, and the file is that text from then on.
        await world.ApplyAsync(Counts("minute"), "w");
        Assert.Null(Assert.Single(world.Pipelines.List()).Refused);
        Assert.Equal(ApplyStatus.Unchanged, (await ApplyAsync(world, changed)).Status);
    }

    [Fact]
    public async Task A_text_that_lets_state_be_dropped_lets_it_at_each_later_change_too()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        const string Reset = "reset: [w]\n";
        await world.ApplyAsync(Counts("hour"));
        await AppendAsync(world, "one");
        await world.ApplyAsync(Reset + Counts("minute"));
        await AppendAsync(world, "two");
        Assert.Equal(["w kept"], await TryAsync(world, Reset + Counts("minute") + "# the same"));
        await world.ApplyAsync(Reset + Counts("hour"));
        Assert.StartsWith(
            "Invalid 1:12: 'reset' names 'z', which is no stage of this definition",
            Assert.Single(await world.RefusedAsync("reset: [w, z]\n" + Counts("hour"))),
            StringComparison.Ordinal);

        // One that the pipeline once had may stay.
        await world.ApplyAsync(Reset + Counts("hour").Replace("w:", "x:", StringComparison.Ordinal));
        await world.ApplyAsync(Reset + Counts("hour").Replace("w:", "x:", StringComparison.Ordinal) + "# more");
    }

    private static string Counts(string unit) => $$"""
        name: a
        streams: { r: { partitions: 1, key: k, time: at, idle: never } }
        stages: { w: { query: 'SELECT k, COUNT(*) AS n FROM r GROUP BY k, TumblingWindow({{unit}}, 1)' } }

        """;

    /// <summary>Where v says its key itself, w gets an instance of its own.</summary>
    private static string Chained(string v, string having) => $$"""
        name: a
        streams: { r: { partitions: 2, key: k, time: at, idle: never } }
        stages:
          v: { {{v}} }
          w: { query: 'SELECT k, COUNT(*) AS n FROM v GROUP BY k, TumblingWindow(hour, 1){{having}}' }

        """;

    private static string Keyed(string key) => $$"""
        name: a
        streams: { r: { partitions: 1, key: k, time: at, idle: never } }
        stages: { v: { key: {{key}}, partitions: 2, query: 'SELECT * FROM r' } }

        """;

    private static async Task<ApplyOutcome> ApplyAsync(PipelineWorld world, ApplyRequest request) =>
        await world.Keeper.ApplyAsync(request, default);

    private static async Task<IEnumerable<string>> TryAsync(PipelineWorld world, string text)
    {
        var outcome = await world.Keeper.TryAsync(new ApplyRequest { Text = text }, default);
        Assert.True(outcome.Status == ApplyStatus.Valid, $"{outcome.Status}: {string.Join(", ", outcome.Errors)}");
        return outcome.Changes.Select(static change => $"{change.Stage} {change.State}".ToLowerInvariant());
    }

    private static Task AppendAsync(PipelineWorld world, string handle) => world.AppendAsync(
        "r", handle, ("k", $$"""{"k":"k","z":"z","at":"{{Start.AddSeconds(1):O}}"}"""));
}
