using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Pipelines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

public sealed class PipelineTests
{
    private const string Filter = """
        name: t
        streams: { raw: { partitions: 2, key: k } }
        stages: { big: { query: SELECT * FROM raw WHERE v > 1 } }
        """;

    [Fact]
    public async Task A_filter_s_output_is_a_stream_and_what_it_cannot_read_a_dead_letter()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Filter);
        await world.AppendAsync("raw", "a", ("x", """{"k":"x","v":1}"""), ("x", """{"k":"x","v":2}"""));
        await world.AppendAsync("raw", "b", ("y", """{"k":"y","v":"three"}"""), ("y", """{"k":"y","v":4}"""));
        var outputs = await world.ReadAsync("t.big", 2);
        Assert.Equal(["""x {"k":"x","v":2}""", """y {"k":"y","v":4}"""], outputs.Select(o => o[2..]).Order());
        await world.UntilAsync("t", status => status.Instances.Sum(i => i.Counts.Read) == 4);
        Assert.True(world.Keeper.TryGet("t", out var status));
        Assert.All(status.Instances, instance => Assert.Equal(StageInstanceState.Running, instance.State));
        Assert.Equal(["big"], status.Graph.Select(node => node.Name));
    }

    [Fact]
    public async Task After_a_restart_stages_go_on_where_they_were_and_files_are_not_written_twice()
    {
        await using var stores = await ThreeStores.FormatAsync();
        const string withFiles = Filter
            + "\nsinks: { out: { from: big, files: { path: out, roll: { every: 50ms } } } }";
        for (var run = 0; run < 3; run++)
        {
            await using var world = await PipelineWorld.StartAsync(stores, run + 1);
            await world.ApplyAsync(withFiles);
            await world.AppendAsync("raw", $"{run}", ("x", $$"""{"k":"x","v":{{run + 2}}}"""));
            await world.ReadAsync("t.big", run + 1);
            await world.UntilAsync("t", status => status.Instances.Where(i => i.Stage == "out")
                .Sum(i => i.CheckpointCursor ?? 0) == run + 1);
        }

        var files = Directory.GetFiles(stores.Root(0) + "-data/out", "*.ndjson").Order().ToList();
        Assert.Equal(3, files.Count);
        Assert.Equal(
            ["""{"k":"x","v":2}""", """{"k":"x","v":3}""", """{"k":"x","v":4}"""], files.SelectMany(File.ReadAllLines));
        Directory.Delete(stores.Root(0) + "-data", recursive: true);
    }

    [Fact]
    public async Task What_contradicts_the_catalog_is_a_conflict_with_its_place()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Filter);
        var other = await world.Keeper.ApplyAsync(
            new ApplyRequest { Text = "name: u\nstreams: { raw: { partitions: 2 } }" }, default);
        Assert.Equal(ApplyStatus.Conflict, other.Status);
        Assert.Equal("2:12: Stream 'raw' is declared by pipeline 't'.", Assert.Single(other.Errors).ToString());
        var more = await world.Keeper.ApplyAsync(
            new ApplyRequest { Text = Filter.Replace("partitions: 2", "partitions: 3", StringComparison.Ordinal) },
            default);
        Assert.Equal(ApplyStatus.Conflict, more.Status);
        Assert.StartsWith("2:31: Stream 'raw' has 2 partitions, not 3", more.Errors[0].ToString());
        var named = await world.Keeper.ApplyAsync(new ApplyRequest { Text = Filter, Name = "z" }, default);
        Assert.Equal(ApplyStatus.Invalid, named.Status);
    }

    [Fact]
    public async Task A_file_is_applied_once_until_it_changes_so_changes_by_API_survive()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var fromFile = new ApplyRequest { Text = Filter, FileName = "t.yaml" };
        await using (var world = await PipelineWorld.StartAsync(stores))
        {
            Assert.Equal(ApplyStatus.Applied, (await world.Keeper.ApplyAsync(fromFile, default)).Status);
            await world.ApplyAsync(Filter.Replace("v > 1", "v > 2", StringComparison.Ordinal));
        }

        await using var again = await PipelineWorld.StartAsync(stores, 2);
        Assert.Equal(ApplyStatus.Unchanged, (await again.Keeper.ApplyAsync(fromFile, default)).Status);
        Assert.True(again.Keeper.TryGet("t", out var status));
        Assert.Contains("v > 2", status.Definition);
        Assert.Equal(2, status.Generation);
        var changed = fromFile with { Text = Filter + "\n# changed" };
        Assert.Equal(ApplyStatus.Applied, (await again.Keeper.ApplyAsync(changed, default)).Status);
    }

    [Fact]
    public async Task A_changed_definition_goes_on_from_the_cursor()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Filter);
        await world.AppendAsync("raw", "a", ("x", """{"v":1}"""), ("x", """{"v":2}"""));
        await world.ReadAsync("t.big", 1);
        await world.ApplyAsync(Filter.Replace("v > 1", "v > 0", StringComparison.Ordinal));
        await world.AppendAsync("raw", "b", ("x", """{"v":1}"""), ("x", """{"v":3}"""));
        var outputs = await world.ReadAsync("t.big", 3);
        Assert.Equal(["""{"v":2}""", """{"v":1}""", """{"v":3}"""], outputs.Select(o => o[4..]));
    }

    [Fact]
    public async Task A_paused_pipeline_reads_nothing_until_it_is_resumed_also_after_a_restart()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using (var world = await PipelineWorld.StartAsync(stores))
        {
            await world.ApplyAsync(Filter);
            Assert.Equal(PipelineOutcomeStatus.Done, (await world.Keeper.PauseAsync("t", null, default)).Status);
            await world.AppendAsync("raw", "a", ("x", """{"v":2}"""));
        }

        await using var again = await PipelineWorld.StartAsync(stores, 2);
        Assert.True(again.Keeper.TryGet("t", out var status) && status.IsPaused);
        await again.ApplyAsync(Filter + "\n# changed while it is paused");
        Assert.Equal(PipelineOutcomeStatus.Done, (await again.Keeper.ResumeAsync("t", null, default)).Status);
        Assert.Single(await again.ReadAsync("t.big", 1));
        Assert.Equal(PipelineOutcomeStatus.NotFound, (await again.Keeper.PauseAsync("z", null, default)).Status);
    }

    [Fact]
    public async Task Deleting_a_pipeline_keeps_its_streams_unless_they_are_to_go_too()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Filter);
        await world.ApplyAsync("name: reader\nstages: { s: { query: SELECT * FROM raw } }");
        var refused = await world.Keeper.DeleteAsync("t", true, null, default);
        Assert.Equal(PipelineOutcomeStatus.InUse, refused.Status);
        Assert.NotEmpty(refused.Readers);
        var deleted = await world.Keeper.DeleteAsync("reader", false, null, default);
        Assert.Equal(PipelineOutcomeStatus.Done, deleted.Status);
        Assert.Equal(["raw", "reader.dead-letters", "reader.s", "t.big", "t.dead-letters"],
            world.Keeper.List().Select(stream => stream.Name.Value));
        Assert.Equal(PipelineOutcomeStatus.Done, (await world.Keeper.DeleteAsync("t", true, null, default)).Status);
        Assert.Equal(["reader.dead-letters", "reader.s"], world.Keeper.List().Select(stream => stream.Name.Value));
        await world.ApplyAsync(Filter);
        await world.AppendAsync("raw", "a", ("x", """{"v":2}"""));
        Assert.Single(await world.ReadAsync("t.big", 1));
    }

    [Fact]
    public async Task Events_whose_group_is_NULL_meet_in_one_partition_behind_an_exchange()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync("""
            name: t
            streams: { raw: { partitions: 3, key: k, time: at } }
            stages:
              counts:
                query: SELECT city, COUNT(*) AS n FROM raw GROUP BY city, TumblingWindow(second, 10)
            """);
        await world.AppendAsync("raw", "a", [.. Enumerable.Range(0, 9).Select(i =>
            ($"{i}", $$"""{"k":"{{i}}","at":"1970-01-01T00:00:01Z"{{(i < 3 ? ",\"city\":null" : "")}}}"""))]);
        await world.WatermarkAsync("raw", DateTime.UnixEpoch.AddDays(1).Ticks);
        Assert.EndsWith("""{"city":null,"n":9}""", Assert.Single(await world.ReadAsync("t.counts", 1)));
    }

    [Fact]
    public async Task An_idle_partition_follows_the_others_after_its_time()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync("""
            name: t
            streams: { raw: { partitions: 3, key: k, time: at, idle: 1s } }
            stages:
              counts:
                query: SELECT city, COUNT(*) AS n FROM raw GROUP BY city, TumblingWindow(second, 10)
            """);
        await world.AppendAsync("raw", "a", ("x", """{"k":"x","at":"1970-01-01T00:00:01Z","city":"a"}"""));
        await world.AppendAsync("raw", "b", ("x", """{"k":"x","at":"1970-01-01T00:01:01Z","city":"a"}"""));
        Assert.EndsWith("""{"city":"a","n":1}""", Assert.Single(await world.ReadAsync("t.counts", 1)));
    }

    [Fact]
    public async Task An_exchange_keeps_only_what_its_readers_have_not_read_and_goes_on_after_a_restart()
    {
        await using var stores = await ThreeStores.FormatAsync();
        for (var run = 1; run <= 3; run++)
        {
            await using var world = await PipelineWorld.StartAsync(stores, run, rollBytes: 4_000);
            await world.ApplyAsync("""
                name: t
                streams: { raw: { partitions: 2, key: k } }
                stages:
                  a: { key: c, partitions: 3, query: "SELECT k, c FROM raw" }
                  b: { query: "SELECT c, COUNT(*) AS n FROM raw GROUP BY c, TumblingWindow(second, 1)" }
                """);
            for (var batch = 0; batch < 5; batch++)
            {
                await world.AppendAsync("raw", $"{run}-{batch}", [.. Enumerable.Range(0, 100).Select(i =>
                    ($"{i}", $$"""{"k":"{{i}}","c":"{{i % 7}}"}"""))]);
            }

            var sent = run * 500;
            await world.UntilAsync("t", status => status.Instances.Where(i => i.Stage == "b")
                .Sum(i => i.CheckpointCursor ?? 0) == sent);
            Assert.Equal(sent, (await world.ReadAsync("t.a", sent)).Count);
            await world.UntilAsync("t", status => status.Instances.All(instance => instance.Error is null));
            Assert.True(world.Keeper.TryGet(new StreamName("t.b.exchange"), out var exchange));
            await world.UntilAsync("t", _ => exchange.Partitions.Any(partition => partition.Status.First.Value > 0));
        }
    }

    [Fact]
    public async Task A_pipeline_that_comes_later_reads_what_there_is_and_learns_the_watermark_too()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using (var world = await PipelineWorld.StartAsync(stores))
        {
            await world.ApplyAsync("""
                name: a
                streams: { raw: { partitions: 2, key: k, time: at } }
                stages: { s: { key: c, partitions: 3, query: "SELECT c, k FROM raw" } }
                """);
            await world.AppendAsync("raw", "a", [.. Enumerable.Range(0, 20).Select(i =>
                ($"{i}", $$"""{"k":"{{i}}","c":"{{i % 2}}","at":"1970-01-01T00:00:01Z"}"""))]);
            await world.WatermarkAsync("raw", DateTime.UnixEpoch.AddDays(1).Ticks);
            await world.UntilAsync("a", status => status.Instances.All(i => i.LagEvents == 0
                && i.CheckpointCursor == i.Cursor && i.Watermark == DateTime.UnixEpoch.AddDays(1).Ticks));
        }

        await using var again = await PipelineWorld.StartAsync(stores, 2);
        await again.ApplyAsync("""
            name: b
            stages: { counts: { query: "SELECT c, COUNT(*) AS n FROM [a.s] GROUP BY c, TumblingWindow(second, 10)" } }
            """);
        var outputs = await again.ReadAsync("b.counts", 2);
        Assert.Equal(["""{"c":"0","n":10}""", """{"c":"1","n":10}"""], outputs.Select(o => o[4..]).Order());
    }

    [Fact]
    public async Task Two_sinks_cannot_share_a_directory()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Filter + "\nsinks: { out: { from: big, files: { path: out } } }");
        var other = await world.Keeper.ApplyAsync(
            new ApplyRequest { Text = "name: u\nsinks: { s: { from: raw, files: { path: ./out/ } } }" }, default);
        Assert.Equal(ApplyStatus.Conflict, other.Status);
        Assert.Equal(
            "2:41: Sink 's' writes to the directory of sink 'out' of pipeline 't'.",
            Assert.Single(other.Errors).ToString());
    }

    [Fact]
    public async Task What_code_refuses_is_listed_with_its_reason_and_its_bytes()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync("""
            name: t
            streams: { raw: { partitions: 1, key: k } }
            stages: { scored: { from: raw, code: Samples.Scoring, with: { field: v } } }
            """);
        await world.AppendAsync("raw", "a", ("x", """{"v":1}"""), ("x", """{"v":"?"}"""), ("x", """{"v":3}"""));
        var outputs = await world.ReadAsync("t.scored", 2);
        Assert.Equal(["""{"v":1,"score":0}""", """{"v":3,"score":2}"""], outputs.Select(o => o[4..]));
        await world.ReadAsync("t.dead-letters", 1);
        var page = await world.Keeper.DeadLettersAsync("t", 0, 10, default);
        var letter = System.Text.Encoding.UTF8.GetString(Assert.Single(page.Letters).Span);
        Assert.Equal(
            """{"stage":"scored","stream":"raw","partition":0,"offset":1,"""
            + "\"reason\":\"'v' is not a number\",\"attempts\":1,\"value\":{\"v\":\"?\"}}",
            letter);
        Assert.Equal(1, page.Next);
    }
}
