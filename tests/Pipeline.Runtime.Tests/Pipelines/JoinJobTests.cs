using System.Text.Json;
using Pipeline.Runtime.Pipelines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>Joins in an engine: of streams with other partitions, under kills, through changes.</summary>
public sealed class JoinJobTests
{
    private const int Low = 0;
    private const int High = 4;

    private const string Job = """
        name: t
        streams:
          a: { partitions: 3, key: id, time: at }
          b: { partitions: 2, time: at }
        query: |
          WITH pairs AS (
            SELECT a.id, a.n AS l, b.n AS r FROM a JOIN b ON b.id = a.id AND DATEDIFF(second, a, b) BETWEEN 0 AND 4)
          SELECT * INTO all FROM pairs
          SELECT id, COUNT(*) AS n INTO counts FROM pairs GROUP BY id, TumblingWindow(minute, 10)
          SELECT a.id, a.n INTO alone FROM a LEFT JOIN b ON b.id = a.id AND DATEDIFF(second, a, b) BETWEEN 0 AND 4
          WHERE b.id IS NULL
          SELECT COUNT(*) AS n INTO total FROM a JOIN b ON b.id = a.id AND DATEDIFF(second, a, b) BETWEEN 0 AND 4
          GROUP BY TumblingWindow(minute, 10)
        stages: { pairs: { lateness: 3s }, alone: { lateness: 3s }, total: { lateness: 3s } }
        sinks: { alone: { files: { path: out, roll: { every: 20ms } } } }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Kills_at_any_point_lose_and_repeat_nothing_of_joins(int seed)
    {
        var draw = new Random(seed);
        await using var stores = await ThreeStores.FormatAsync();
        var batches = Enumerable.Range(0, 12)
            .Select(batch => new JobBatch(Batch(draw, batch), Batch(draw, batch))).ToList();
        await using var last = await JobWorld.KilledAsync(stores, Job, batches, draw, mostRead: 200);
        var (pairs, counts, alone) = Expected(
            [.. batches.SelectMany(static batch => batch.A)], [.. batches.SelectMany(static batch => batch.B)]);
        Assert.Equal(pairs, await last.ValuesAsync("t.all", pairs.Count));
        Assert.Equal(counts, await last.ValuesAsync("t.counts", counts.Count));
        Assert.Equal(alone, await last.ValuesAsync("t.alone", alone.Count));
        Assert.Equal([$$"""{"n":{{pairs.Count}}}"""], await last.ValuesAsync("t.total", 1));
        Assert.InRange(alone.Count, 3, 200);
        Assert.InRange(pairs.Count, 50, 2000);
        await last.SinkHasAsync("alone.sink", alone);
    }

    [Fact]
    public async Task What_a_join_holds_goes_on_through_changes_beside_it_and_is_not_dropped_unasked()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Definition("a.n AS l, b.n AS r", ""));
        await world.AppendAsync("a", "1", ("x", """{"id":"x","n":1,"at":"2026-01-01T00:00:00Z"}"""));
        await world.UntilAsync("t", static status => status.Instances.All(static i => i.LagEvents == 0));
        await world.ApplyAsync(Definition("a.n AS l, b.n AS r", "  more: { query: 'SELECT l FROM s' }\n"));
        await world.AppendAsync("b", "1", ("x", """{"id":"x","n":2,"at":"2026-01-01T00:00:03Z"}"""));
        Assert.Equal(["""{"l":1,"r":2}"""], await world.ValuesAsync("t.s", 1));
        Assert.Equal(["""{"l":1}"""], await world.ValuesAsync("t.more", 1));

        var refused = await world.Pipelines.ApplyAsync(
            new ApplyRequest { Text = Definition("a.n AS l", "") }, TestContext.Current.CancellationToken);
        Assert.Equal(ApplyStatus.StateWouldBeLost, refused.Status);
        Assert.Equal("s", Assert.Single(refused.Changes, static change => change.State == StageFate.Lost).Stage);
        await world.AppendAsync("b", "2", ("x", """{"id":"x","n":3,"at":"2026-01-01T00:00:04Z"}"""));
        Assert.Equal(2, (await world.ValuesAsync("t.s", 2)).Count);
    }

    /// <summary>The stream before the join would have another number of partitions then.</summary>
    [Fact]
    public async Task What_gathers_all_rows_where_a_key_gathered_them_is_a_conflict_that_changes_nothing()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Definition("a.id, COUNT(*) AS n", "", "GROUP BY a.id, TumblingWindow(second, 10)"));
        await AppendPairAsync(world, "x", 1);
        var all = await world.Pipelines.ApplyAsync(
            new ApplyRequest
            {
                Text = Definition("COUNT(*) AS n", "", "GROUP BY TumblingWindow(second, 10)"),
                ResetAll = true,
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(ApplyStatus.Conflict, all.Status);
        Assert.Contains(all.Errors, static error => error.Message.StartsWith(
            "Stream 't.s.join' has 3 partitions, not 1: ", StringComparison.Ordinal));
        await AppendPairAsync(world, "y", 2);
        await world.EndAsync("a", "b");
        Assert.Equal(["""{"id":"x","n":1}""", """{"id":"y","n":1}"""], await world.ValuesAsync("t.s", 2));
    }

    /// <summary>The stream before a join needs no retention.</summary>
    [Fact]
    public async Task What_brings_both_sources_together_keeps_nothing_that_was_read()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Definition("a.n AS l, b.n AS r", ""));
        var stream = world.Keeper.State.Stream(new("t.s.join"))!.Definition;
        Assert.Equal((TimeSpan.Zero, 3), (stream.Retention, stream.Partitions));
    }

    /// <summary>What the job makes of all events of both streams.</summary>
    internal static (List<string> Pairs, List<string> Counts, List<string> Alone) Expected(
        IReadOnlyList<(string Key, string Value)> a, IReadOnlyList<(string Key, string Value)> b)
    {
        var (left, right) = (a.Select(static e => Row(e.Value)).ToList(), b.Select(static e => Row(e.Value)).ToList());
        var pairs = left.SelectMany(l => right.Where(r => Meet(l, r)).Select(r => (l.Id, L: l.N, R: r.N))).ToList();
        return (
            JobWorld.InOrder(pairs.Select(pair => $$"""{"id":{{pair.Id}},"l":{{pair.L}},"r":{{pair.R}}}""")),
            JobWorld.InOrder(pairs.GroupBy(static pair => pair.Id)
                .Select(group => $$"""{"id":{{group.Key}},"n":{{group.Count()}}}""")),
            JobWorld.InOrder(left.Where(l => !right.Exists(r => Meet(l, r)))
                .Select(l => $$"""{"id":{{l.Id}},"n":{{l.N}}}""")));
    }

    private static async Task AppendPairAsync(PipelineWorld world, string id, int second)
    {
        foreach (var stream in (string[])["a", "b"])
        {
            await world.AppendAsync(
                stream, $"{id}-{second}", (id, $$"""{"id":"{{id}}","n":1,"at":"2023-01-01T00:00:{{second:00}}Z"}"""));
        }
    }

    private static string Definition(string columns, string more, string group = "") => $$"""
        name: t
        streams:
          a: { partitions: 3, key: id, time: at }
          b: { partitions: 2, key: id, time: at }
        stages:
          s:
            materialize: true
            query: >-
              SELECT {{columns}} FROM a JOIN b ON a.id = b.id AND DATEDIFF(second, a, b) BETWEEN 0 AND 4 {{group}}

        """ + more;

    private static (string Key, string Value)[] Batch(Random draw, int batch) =>
        [.. Enumerable.Range(0, draw.Next(1, 15)).Select(i =>
        {
            var id = draw.Next(12) == 0 ? "null" : $"\"dev-{draw.Next(6)}\"";
            var at = new DateTime(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc)
                .AddMilliseconds((batch * 5_000) + draw.Next(1, 2_000));
            var number = (draw.Next() * 100L) + i;
            return (id, $$"""{"id":{{id}},"n":{{number}},"at":"{{at:O}}"}""");
        })];

    /// <summary>What the queries say, computed plainly.</summary>
    private static bool Meet((string Id, long N, long Second) left, (string Id, long N, long Second) right) =>
        left.Id != "null" && left.Id == right.Id && right.Second - left.Second is >= Low and <= High;

    private static (string Id, long N, long Second) Row(string json)
    {
        var row = JsonDocument.Parse(json).RootElement;
        return (
            row.GetProperty("id").GetRawText(),
            row.GetProperty("n").GetInt64(),
            row.GetProperty("at").GetDateTime().ToUniversalTime().Ticks / TimeSpan.TicksPerSecond);
    }
}
