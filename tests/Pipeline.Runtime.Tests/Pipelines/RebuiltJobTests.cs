using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>Jobs whose steps, outputs and unions change while events flow: each output has each event once.</summary>
public sealed class RebuiltJobTests
{
    /// <summary>
    /// One query becomes a union and is one again, its parts change places, a step is put in front and taken away.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_output_whose_query_is_rebuilt_right_after_a_crash_has_each_event_once(int seed)
    {
        var draw = new Random(seed);
        await using var stores = await ThreeStores.FormatAsync();
        var count = 0;
        foreach (var query in new[]
        {
            "SELECT id, k INTO m FROM r",
            "SELECT id, k INTO m FROM r UNION SELECT id, k FROM q",
            "WITH s AS (SELECT * FROM r WHERE id >= 0) SELECT id, k INTO m FROM s",
            "SELECT id, k INTO m FROM q UNION SELECT id, k FROM r",
            "SELECT id, k INTO m FROM r",
            "WITH s AS (SELECT id, k FROM r) SELECT id, k INTO m FROM q UNION SELECT id, k FROM s",
            "SELECT id, k INTO m FROM r UNION SELECT id, k FROM q",
        })
        {
            await using var world = await PipelineWorld.StartAsync(stores, draw.Next());
            await world.ApplyAsync(
                "name: a\nstreams: { r: { partitions: 3, key: k }, q: { partitions: 2, key: k } }\nquery: " + query);
            foreach (var stream in new[] { "r", "q", "r" })
            {
                await world.AppendAsync(stream, $"{count}", [.. Enumerable.Range(count, 20).Select(Event)]);
                count += 20;
            }

            var read = draw.Next(1, 60);
            await world.UntilAsync("a", status => status.Instances.Sum(i => i.Counts.Read) >= read
                || status.Instances.All(i => i.LagEvents == 0));
        }

        await using var last = await PipelineWorld.StartAsync(stores, draw.Next());
        Assert.Equal(
            InOrder(Enumerable.Range(0, count).Select(id => $$"""{"id":{{id}},"k":"k{{id % 4}}"}""")),
            await ValuesAsync(last, "a.m", count, "a"));
    }

    /// <summary>
    /// A union moves into a step in front of an output and back, gets another name, is shared with what read a stream
    /// itself, lies behind an exchange, in front of another union.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(25)]
    [InlineData(26)]
    public async Task A_union_that_moves_right_after_a_crash_gives_each_event_once(int seed)
    {
        const string Both = "SELECT id, k FROM r UNION SELECT id, k FROM q";
        var draw = new Random(seed);
        string[] queries =
        [
            $"SELECT id, k INTO m FROM r UNION SELECT id, k FROM q {Into("n", "r")}",
            $"WITH u AS ({Both}) {Into("m", "u")} {Into("n", "r")}",
            $"WITH v AS ({Both}) {Into("m", "v")} {Into("n", "r")}",
            $"WITH v AS ({Both}), w AS (SELECT id, k FROM v) {Into("m", "w")} {Into("n", "r")}",
            $"WITH s AS (SELECT * FROM r), u AS (SELECT id, k FROM q UNION SELECT id, k FROM s) {Into("m", "u")} "
                + Into("n", "s"),
            $"WITH u AS ({Both}) SELECT id, k INTO m FROM u WHERE id % 2 = 0 UNION SELECT id, k FROM u "
                + $"WHERE id % 2 = 1 {Into("n", "r")}",
            $"WITH u AS (SELECT id, k FROM r WHERE id % 2 = 0 UNION SELECT id, k FROM r WHERE id % 2 = 1), "
                + $"v AS (SELECT id, k FROM u UNION SELECT id, k FROM q) {Into("m", "v")} {Into("n", "u")}",
        ];
        await using var stores = await ThreeStores.FormatAsync();
        var (count, ofR) = (0, new List<int>());
        for (var round = 0; round < 8; round++)
        {
            var query = round < queries.Length && seed == 1 ? queries[round] : queries[draw.Next(queries.Length)];
            await using var world = await PipelineWorld.StartAsync(stores, draw.Next());
            await world.ApplyAsync(
                "name: a\nstreams: { r: { partitions: 3, key: k }, q: { partitions: 2, key: k } }\nquery: " + query);
            foreach (var stream in new[] { "r", "q", "r" })
            {
                await world.AppendAsync(stream, $"{count}", [.. Enumerable.Range(count, 20).Select(Event)]);
                ofR.AddRange(stream == "r" ? Enumerable.Range(count, 20) : []);
                count += 20;
            }

            var read = draw.Next(1, 100);
            await world.UntilAsync("a", status => status.Instances.Sum(i => i.Counts.Read) >= read
                || status.Instances.All(i => i.LagEvents == 0));
        }

        await using var last = await PipelineWorld.StartAsync(stores, draw.Next());
        Assert.Equal(
            InOrder(Enumerable.Range(0, count).Select(id => $$"""{"id":{{id}},"k":"k{{id % 4}}"}""")),
            await ValuesAsync(last, "a.m", count, "a"));
        Assert.Equal(
            InOrder(ofR.Select(id => $$"""{"id":{{id}},"k":"k{{id % 4}}"}""")),
            await ValuesAsync(last, "a.n", ofR.Count, "a"));

        static string Into(string output, string source) => $"SELECT id, k INTO {output} FROM {source}";
    }

    /// <summary>It never had an event of the other stream, though another output has.</summary>
    [Fact]
    public async Task An_output_that_comes_to_read_quite_another_stream_gets_all_of_it()
    {
        const string Streams =
            "name: a\nstreams: { r: { partitions: 3, key: k }, q: { partitions: 3, key: k } }\nquery: ";
        const string Steps = "WITH a AS (SELECT id, k FROM r UNION SELECT id, k FROM r WHERE id < 0), "
            + "b AS (SELECT id, k FROM q UNION SELECT id, k FROM q WHERE id < 0) SELECT id, k INTO n FROM b ";
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Streams + Steps + "SELECT id, k INTO m FROM a");
        await world.AppendAsync("r", "r", [.. Enumerable.Range(0, 20).Select(Event)]);
        await world.AppendAsync("q", "q", [.. Enumerable.Range(20, 20).Select(Event)]);
        await world.UntilAsync("a", status => status.Instances.All(i => i.LagEvents == 0));
        await world.ApplyAsync(Streams + Steps + "SELECT id, k INTO m FROM b");
        Assert.Equal(
            InOrder(Enumerable.Range(0, 40).Select(id => $$"""{"id":{{id}},"k":"k{{id % 4}}"}""")),
            await ValuesAsync(world, "a.m", 40, "a"));
    }

    /// <summary>
    /// What read a stream in groups of their own shares a step, and the other way round; each change right after a
    /// crash in the middle.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Outputs_that_come_to_share_a_step_right_after_a_crash_have_each_event_once(int seed)
    {
        var draw = new Random(seed);
        await using var stores = await ThreeStores.FormatAsync();
        var count = 0;
        foreach (var query in new[]
        {
            "SELECT id, k INTO m FROM r SELECT k, id INTO n FROM r",
            "WITH s AS (SELECT * FROM r) SELECT id, k INTO m FROM s SELECT k, id INTO n FROM s",
            "WITH s AS (SELECT * FROM r) SELECT id, k INTO m FROM s SELECT k, id INTO n FROM r",
            "WITH s AS (SELECT * FROM r) SELECT id, k INTO m FROM s SELECT k, id INTO n FROM s",
            "WITH z AS (SELECT * FROM r) SELECT id, k INTO m FROM r SELECT k, id INTO n FROM z",
        })
        {
            await using var world = await PipelineWorld.StartAsync(stores, draw.Next());
            await world.ApplyAsync("name: a\nstreams: { r: { partitions: 3, key: k } }\nquery: " + query);
            for (var batch = 0; batch < 3; batch++, count += 20)
            {
                await world.AppendAsync("r", $"{count}", [.. Enumerable.Range(count, 20).Select(Event)]);
            }

            var read = draw.Next(1, 100);
            await world.UntilAsync("a", status => status.Instances.Sum(i => i.Counts.Read) >= read
                || status.Instances.All(i => i.LagEvents == 0));
        }

        await using var last = await PipelineWorld.StartAsync(stores, draw.Next());
        var ids = Enumerable.Range(0, count).ToList();
        Assert.Equal(
            InOrder(ids.Select(id => $$"""{"id":{{id}},"k":"k{{id % 4}}"}""")),
            await ValuesAsync(last, "a.m", count, "a"));
        Assert.Equal(
            InOrder(ids.Select(id => $$"""{"k":"k{{id % 4}}","id":{{id}}}""")),
            await ValuesAsync(last, "a.n", count, "a"));
    }

    [Fact]
    public async Task Windows_go_on_when_their_query_becomes_part_of_a_union()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        const string Streams = "name: a\nstreams: { r: { key: k, time: at }, q: { key: k, time: at } }\nquery: ";
        const string Counts = "SELECT k, COUNT(*) AS n INTO w FROM r GROUP BY k, TumblingWindow(hour, 1)";
        var number = 0;
        foreach (var rest in new[]
        {
            "", " UNION SELECT k, -1 * COUNT(*) AS n FROM q GROUP BY k, TumblingWindow(hour, 1)", "",
            " UNION SELECT k, -1 * COUNT(*) AS n FROM q GROUP BY k, TumblingWindow(hour, 1)",
        })
        {
            await world.ApplyAsync(Streams + Counts + rest);
            await world.AppendAsync("r", $"{number}", [.. Enumerable.Range(number, 20).Select(Event)]);
            await world.AppendAsync("q", $"{number}", [.. Enumerable.Range(number, 8).Select(Event)]);
            number += 20;
            await world.UntilAsync("a", status => status.Instances.All(i => i.LagEvents == 0));
        }

        await EndAsync(world, "r", "q");
        Assert.Equal(
            InOrder(Enumerable.Range(0, 4).SelectMany(
                k => new[] { $$"""{"k":"k{{k}}","n":-8}""", $$"""{"k":"k{{k}}","n":20}""" })),
            await ValuesAsync(world, "a.w", 8, "a"));
    }

    private static async Task EndAsync(PipelineWorld world, params string[] streams)
    {
        foreach (var stream in streams)
        {
            await world.WatermarkAsync(stream, new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks);
        }
    }

    /// <summary>All values of a stream in their order, once all that is there has been processed.</summary>
    private static async Task<List<string>> ValuesAsync(
        PipelineWorld world, string stream, int count, string pipeline = "t")
    {
        _ = await world.ReadAsync(stream, count);
        await world.UntilAsync(pipeline, status => status.Instances.All(i => i.LagEvents == 0));
        return InOrder((await world.ReadAsync(stream, count)).Select(row => row[row.IndexOf('{')..]));
    }

    private static (string Key, string Value) Event(int id) => (
        $"k{id % 4}",
        $$"""{"id":{{id}},"k":"k{{id % 4}}","at":"1970-01-01T00:00:{{1 + (id % 59):00}}Z"}""");

    private static List<string> InOrder(IEnumerable<string> rows) => [.. rows.Order(StringComparer.Ordinal)];
}
