using System.Globalization;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Pipelines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>Definitions that change: nothing lost, nothing twice, nobody else disturbed.</summary>
public sealed class RedefinitionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_key_that_changes_right_after_a_crash_loses_and_repeats_nothing(int seed)
    {
        var draw = new Random(seed);
        await using var stores = await ThreeStores.FormatAsync();
        var sent = new List<string>();
        for (var round = 0; round < 5; round++)
        {
            await using var world = await PipelineWorld.StartAsync(stores, draw.Next());
            await world.ApplyAsync(Keyed("kz"[round % 2]));
            for (var batch = 0; batch < 4; batch++)
            {
                var events = Enumerable.Range(sent.Count, 25).Select(Event).ToArray();
                sent.AddRange(events.Select(e => e.Value));
                await world.AppendAsync("r", $"{round}-{batch}", events);
            }

            var written = draw.Next(1, 80);
            await world.UntilAsync("a", status => status.Instances.Sum(i => i.Counts.Read) >= written);
        }

        await using var last = await PipelineWorld.StartAsync(stores, draw.Next());
        await last.ApplyAsync(Keyed('z'));
        var outputs = await last.ReadAsync("a.h", sent.Count);
        await last.UntilAsync("a", status => status.Instances.All(i => i.LagEvents == 0));
        Assert.Equal(Ids(sent), Ids(outputs));
    }

    [Fact]
    public async Task A_stage_that_is_fused_and_gets_instances_of_its_own_again_processes_each_event_once()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        var sent = new List<string>();
        foreach (var key in "kzkzzk")
        {
            await world.ApplyAsync(Chained(key));
            var events = Enumerable.Range(sent.Count, 30).Select(Event).ToArray();
            sent.AddRange(events.Select(e => e.Value));
            await world.AppendAsync("r", $"{sent.Count}", events);
        }

        var outputs = await world.ReadAsync("a.m", sent.Count);
        await world.UntilAsync("a", status => status.Instances.All(i => i.LagEvents == 0));
        Assert.Equal(Ids(sent), Ids(outputs));
        Assert.Equal(Ids(sent), Ids(await world.ReadAsync("a.m", sent.Count)));
    }

    [Fact]
    public async Task Windows_go_on_when_their_stage_moves_to_another_instance()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        var number = 0;
        foreach (var key in "kzk")
        {
            await world.ApplyAsync(Windowed(key));
            await world.AppendAsync("r", $"{key}{number}", [.. Enumerable.Range(number, 20).Select(Event)]);
            number += 20;
            await world.UntilAsync("a", status => status.Instances.All(i => i.LagEvents == 0));
        }

        await world.WatermarkAsync("r", DateTime.UnixEpoch.AddDays(1).Ticks);
        var counts = (await world.ReadAsync("a.w", 4)).Select(row => row[row.IndexOf('{')..])
            .Select(row => System.Text.Json.JsonDocument.Parse(row).RootElement)
            .Select(row => $"{row.GetProperty("k").GetString()} {row.GetProperty("n").GetInt64()}");
        Assert.Equal(["k0 15", "k1 15", "k2 15", "k3 15"], counts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_stream_that_another_pipeline_reads_stays_when_its_stage_is_fused()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Fused(withReader: false));
        await world.ApplyAsync("name: b\nstages: { x: { query: 'SELECT * FROM [a.v]' } }");
        await world.AppendAsync("r", "1", [.. Enumerable.Range(0, 20).Select(Event)]);
        await world.ApplyAsync(Fused(withReader: true));
        await world.AppendAsync("r", "2", [.. Enumerable.Range(20, 20).Select(Event)]);
        await world.ApplyAsync(Fused(withReader: false));
        await world.AppendAsync("r", "3", [.. Enumerable.Range(40, 20).Select(Event)]);
        Assert.Equal(60, (await world.ReadAsync("b.x", 60)).Count);
    }

    [Fact]
    public async Task What_others_read_is_not_taken_away()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Fused(withReader: false));
        await world.ApplyAsync("name: b\nstages: { x: { query: 'SELECT * FROM [a.v]' } }");
        const string Without = "name: a\nstreams: { r: { partitions: 2, key: k } }\n";
        var change = await world.Keeper.ApplyAsync(new ApplyRequest { Text = Without }, default);
        Assert.Equal((ApplyStatus.InUse, "b.x"), (change.Status, Assert.Single(change.Readers)));
        var deletion = await world.Keeper.DeleteAsync("a", false, null, default);
        Assert.Equal((PipelineOutcomeStatus.InUse, "b.x"), (deletion.Status, Assert.Single(deletion.Readers)));
        await world.AppendAsync("r", "1", [.. Enumerable.Range(0, 20).Select(Event)]);
        Assert.Equal(20, (await world.ReadAsync("b.x", 20)).Count);
        Assert.Equal(PipelineOutcomeStatus.Done, (await world.Keeper.DeleteAsync("b", false, null, default)).Status);
        Assert.Equal(PipelineOutcomeStatus.Done, (await world.Keeper.DeleteAsync("a", false, null, default)).Status);
    }

    [Fact]
    public async Task Pipelines_do_not_read_each_other_in_a_circle()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        const string Streams = "name: a\nstreams: { r: { partitions: 2, key: k } }\n";
        await world.ApplyAsync(
            Streams + "stages: { v: { query: 'SELECT * FROM r' }, w: { query: 'SELECT * FROM r' } }");
        await world.ApplyAsync("name: b\nstages: { x: { query: 'SELECT * FROM [a.v]' } }");
        var refused = await world.RefusedAsync(
            Streams + "stages: { v: { query: 'SELECT * FROM [b.x]' }, w: { query: 'SELECT * FROM r' } }");
        Assert.Equal(
            "Conflict 1:1: Pipelines would read each other in a circle: b.x > a.v > b.x.", Assert.Single(refused));

        await world.ApplyAsync("name: c\nstages: { l: { query: 'SELECT * FROM [b.dead-letters]' } }");
        Assert.Contains("in a circle", Assert.Single(await world.RefusedAsync(
            "name: b\nstages: { x: { query: 'SELECT * FROM [a.v]' }, "
            + "y: { query: 'SELECT * FROM [c.dead-letters]' } }")),
            StringComparison.Ordinal);

        const string Table = "postgres: { connection: Host=localhost, table: t }";
        Assert.Contains("in a circle", Assert.Single(await world.RefusedAsync(
            "name: b\nstages: { x: { query: 'SELECT * FROM [a.v]' } }\n"
            + $"sinks: {{ p: {{ from: c.dead-letters, {Table} }} }}")), StringComparison.Ordinal);

        // Back and forth is no circle.
        await world.ApplyAsync(
            Streams + "stages: { v: { query: 'SELECT * FROM r' }, w: { query: 'SELECT * FROM [b.x]' } }");
        await world.AppendAsync("r", "1", [.. Enumerable.Range(0, 20).Select(Event)]);
        Assert.Equal(20, (await world.ReadAsync("a.v", 20)).Count);
    }

    [Fact]
    public async Task A_pipeline_may_read_the_output_of_a_stage_that_nobody_read_until_then()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Fused(withReader: true));
        await world.AppendAsync("r", "1", [.. Enumerable.Range(0, 20).Select(Event)]);
        await world.UntilAsync("a", status => status.Instances.All(i => i.LagEvents == 0));
        Assert.False(world.Keeper.TryGet(new StreamName("a.v"), out _));
        await world.ApplyAsync("name: b\nstages: { x: { query: 'SELECT * FROM [a.v]' } }");
        await world.AppendAsync("r", "2", [.. Enumerable.Range(20, 20).Select(Event)]);
        var found = await world.ReadAsync("b.x", 20);
        Assert.Equal(Enumerable.Range(20, 20), found.Select(IdOf).Order());
        Assert.True(world.Keeper.TryGet(new StreamName("a.v"), out var kept));
        Assert.Equal(20, kept.Gaps.Sum(gap => gap.InputTo - gap.InputFrom));
    }

    [Fact]
    public async Task A_hole_in_an_output_that_was_not_kept_is_named()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        foreach (var (withReader, first) in new[] { (false, 0), (true, 20), (false, 40) })
        {
            await world.ApplyAsync(Fused(withReader));
            Assert.Equal(withReader, world.Keeper.IsNotMaterialized(new StreamName("a.v")));
            await world.AppendAsync("r", $"{first}", [.. Enumerable.Range(first, 20).Select(Event)]);
            await world.UntilAsync("a", status => status.Instances.All(i => i.LagEvents == 0));
        }

        var found = await world.ReadAsync("a.v", 40);
        Assert.Equal([.. Enumerable.Range(0, 20), .. Enumerable.Range(40, 20)], found.Select(IdOf).Order());
        Assert.True(world.Keeper.TryGet(new StreamName("a.v"), out var stream));
        Assert.Equal(20, stream.Gaps.Sum(gap => gap.InputTo - gap.InputFrom));
        Assert.All(stream.Gaps, gap => Assert.Equal(gap.InputFrom, gap.BeforeOffset));
    }

    [Fact]
    public async Task A_paused_pipeline_says_so_after_a_restart_and_where_it_stands()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using (var first = await PipelineWorld.StartAsync(stores))
        {
            await first.ApplyAsync(Keyed('k'));
            await first.AppendAsync("r", "1", [.. Enumerable.Range(0, 20).Select(Event)]);
            await first.UntilAsync("a", status => status.Instances.All(i => i.LagEvents == 0));
            Assert.Equal(PipelineOutcomeStatus.Done, (await first.Keeper.PauseAsync("a", null, default)).Status);
        }

        await using var world = await PipelineWorld.StartAsync(stores);
        await world.UntilAsync("a", status => status.State == StageInstanceState.Paused
            && status.Instances.All(i => i is { State: StageInstanceState.Paused, LagEvents: 0 })
            && status.Instances.Sum(i => i.Cursor) == 20);
        Assert.Equal(PipelineOutcomeStatus.Done, (await world.Keeper.ResumeAsync("a", null, default)).Status);
        await world.UntilAsync("a", status => status.State == StageInstanceState.Running);
    }

    [Fact]
    public async Task Only_the_generation_that_was_asked_for_is_replaced_and_earlier_texts_are_kept()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Keyed('k'));
        var wrong = await world.Keeper.ApplyAsync(new ApplyRequest { Text = Keyed('z'), IfGeneration = 7 }, default);
        Assert.Equal(ApplyStatus.PreconditionFailed, wrong.Status);
        var right = await world.Keeper.ApplyAsync(new ApplyRequest { Text = Keyed('z'), IfGeneration = 1 }, default);
        Assert.Equal((ApplyStatus.Applied, 2), (right.Status, right.Pipeline!.Generation));
        var version = Assert.Single(world.Keeper.Versions("a")!);
        Assert.Equal((1, Keyed('k')), (version.Generation, version.Text));
        Assert.Null(world.Keeper.Versions("nobody"));
    }

    [Fact]
    public async Task Another_pipelines_instances_are_not_touched_by_a_change()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Keyed('k'));
        await world.AppendAsync("r", "1", [.. Enumerable.Range(0, 20).Select(Event)]);
        await world.UntilAsync("a", status => status.Instances.Sum(i => i.Counts.Read) == 20);
        await world.ApplyAsync("name: c\nstreams: { q: {} }\nstages: { y: { query: 'SELECT * FROM q' } }");
        await world.ApplyAsync("name: c\nstreams: { q: {} }\nstages: { y: { query: 'SELECT id FROM q' } }");
        await world.Keeper.PauseAsync("c", null, default);
        await world.Keeper.DeleteAsync("c", true, null, default);
        Assert.True(world.Pipelines.TryGet("a", out var status));

        // Counts begin anew with an instance.
        Assert.Equal(20, status.Instances.Sum(i => i.Counts.Read));
        Assert.Equal(StageInstanceState.Running, status.State);
    }

    private static string Keyed(char key) => $$"""
        name: a
        streams: { r: { partitions: 3, key: k } }
        stages: { h: { key: {{key}}, partitions: 3, query: 'SELECT id, k, z FROM r' } }
        """;

    /// <summary>With key z, m has instances of its own: v is spread anew before it.</summary>
    private static string Chained(char key) => $$"""
        name: a
        streams: { r: { partitions: 3, key: k } }
        stages:
          v: { key: {{key}}, partitions: 3, materialize: true, query: 'SELECT id, k, z FROM r' }
          m: { query: 'SELECT id, k FROM v' }
        """;

    private static string Windowed(char key) => $$"""
        name: a
        streams: { r: { partitions: 3, key: k, time: at } }
        stages:
          v: { key: {{key}}, partitions: 3, query: 'SELECT * FROM r' }
          w: { key: k, query: 'SELECT k, COUNT(*) AS n FROM v GROUP BY k, TumblingWindow(hour, 1)' }
        """;

    private static string Fused(bool withReader) => "name: a\nstreams: { r: { partitions: 2, key: k } }\n"
        + "stages:\n  v: { query: 'SELECT * FROM r' }\n" + (withReader ? "  m: { query: 'SELECT id FROM v' }\n" : "");

    private static (string Key, string Value) Event(int id) => (
        $"k{id % 4}",
        $$"""{"id":{{id}},"k":"k{{id % 4}}","z":{{id % 7}},"at":"1970-01-01T00:00:{{1 + (id % 59):00}}Z"}""");

    private static List<int> Ids(IEnumerable<string> rows) => [.. rows.Select(IdOf).Order()];

    private static int IdOf(string row)
    {
        var at = row.IndexOf("\"id\":", StringComparison.Ordinal) + 5;
        var end = row.IndexOfAny([',', '}'], at);
        return int.Parse(row[at..end], CultureInfo.InvariantCulture);
    }
}
