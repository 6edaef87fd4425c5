using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>Jobs whose steps, outputs and unions change while events flow: each output has each event once.</summary>
public sealed class RebuiltJobTests
{
    public const string Streams =
        "name: a\nstreams: { r: { partitions: 3, key: k }, q: { partitions: 2, key: k } }\nquery: ";

    private const string Both = "SELECT id, k FROM r UNION SELECT id, k FROM q";

    /// <summary>Two outputs, by way of a union that lies at one place and another.</summary>
    public static readonly IReadOnlyList<string> Unions =
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
        $"WITH x AS (SELECT id, k FROM r) SELECT id, k INTO m FROM x UNION SELECT id, k FROM q {Into("n", "x")}\n"
            + "stages: { x: { key: id }, m: { key: k }, n: { key: k } }",
        $"WITH x AS (SELECT id, k FROM r), y AS (SELECT id, k FROM x UNION SELECT id, k FROM q) {Into("m", "y")} "
            + $"{Into("n", "r")}\nstages: {{ x: {{ key: id }}, y: {{ key: id }}, m: {{ key: k }} }}",
    ];

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
        var sent = await RebuildAsync(
            stores,
            draw,
            [
                "SELECT id, k INTO m FROM r",
                "SELECT id, k INTO m FROM r UNION SELECT id, k FROM q",
                "WITH s AS (SELECT * FROM r WHERE id >= 0) SELECT id, k INTO m FROM s",
                "SELECT id, k INTO m FROM q UNION SELECT id, k FROM r",
                "SELECT id, k INTO m FROM r",
                "WITH s AS (SELECT id, k FROM r) SELECT id, k INTO m FROM q UNION SELECT id, k FROM s",
                "SELECT id, k INTO m FROM r UNION SELECT id, k FROM q",
            ]);
        await HoldsAsync(stores, draw, "m", sent.SelectMany(static ids => ids), Row);
    }

    /// <summary>
    /// A union moves into a step in front of an output and back, gets another name, is shared with what read a stream
    /// itself, lies behind steps whose key is another one, in front of another union. All definitions in their order,
    /// then drawn ones.
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
    public async Task A_union_that_moves_right_after_a_crash_gives_each_event_once(int seed)
    {
        var draw = new Random(seed);
        await using var stores = await ThreeStores.FormatAsync();
        var sent = await RebuildAsync(stores, draw, seed == 1
            ? Unions
            : Enumerable.Range(0, 8).Select(_ => Unions[draw.Next(Unions.Count)]));
        await HoldsAsync(stores, draw, "m", sent.SelectMany(static ids => ids), Row);
        await HoldsAsync(stores, draw, "n", sent["r"], Row);
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
            JobWorld.InOrder(Enumerable.Range(0, 40).Select(Row)),
            await world.ValuesAsync("a.m", 40, "a"));
    }

    /// <summary>What read a stream in groups of their own shares a step, and the other way round.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Outputs_that_come_to_share_a_step_right_after_a_crash_have_each_event_once(int seed)
    {
        var draw = new Random(seed);
        await using var stores = await ThreeStores.FormatAsync();
        var sent = await RebuildAsync(
            stores,
            draw,
            [
                "SELECT id, k INTO m FROM r SELECT k, id INTO n FROM r",
                "WITH s AS (SELECT * FROM r) SELECT id, k INTO m FROM s SELECT k, id INTO n FROM s",
                "WITH s AS (SELECT * FROM r) SELECT id, k INTO m FROM s SELECT k, id INTO n FROM r",
                "WITH s AS (SELECT * FROM r) SELECT id, k INTO m FROM s SELECT k, id INTO n FROM s",
                "WITH z AS (SELECT * FROM r) SELECT id, k INTO m FROM r SELECT k, id INTO n FROM z",
            ]);
        await HoldsAsync(stores, draw, "m", sent["r"], Row);
        await HoldsAsync(stores, draw, "n", sent["r"], static id => $$"""{"k":"k{{id % 4}}","id":{{id}}}""");
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
            // What the windows over q hold goes with them.
            await world.ApplyAsync(Streams + Counts + rest, "w");
            await world.AppendAsync("r", $"{number}", [.. Enumerable.Range(number, 20).Select(Event)]);
            await world.AppendAsync("q", $"{number}", [.. Enumerable.Range(number, 8).Select(Event)]);
            number += 20;
            await world.UntilAsync("a", status => status.Instances.All(i => i.LagEvents == 0));
        }

        await world.EndAsync("r", "q");
        Assert.Equal(
            JobWorld.InOrder(Enumerable.Range(0, 4).SelectMany(
                k => new[] { $$"""{"k":"k{{k}}","n":-8}""", $$"""{"k":"k{{k}}","n":20}""" })),
            await world.ValuesAsync("a.w", 8, "a"));
    }

    private static string Into(string output, string source) => $"SELECT id, k INTO {output} FROM {source}";

    /// <summary>
    /// Puts each definition into force right after a crash in the middle of the work of the one before, or after one
    /// while it was being put into force. What was sent, by stream.
    /// </summary>
    private static async Task<ILookup<string, int>> RebuildAsync(
        ThreeStores stores, Random draw, IEnumerable<string> queries)
    {
        var sent = new List<(string Stream, int Id)>();
        foreach (var query in queries)
        {
            var text = Streams + query;
            if (sent.Count > 0 && draw.Next(3) == 0)
            {
                await using var cutOff = await PipelineWorld.StartAsync(stores, draw.Next());
                _ = cutOff.ApplyAsync(text);
                await Task.Delay(draw.Next(40));
            }

            await using var world = await PipelineWorld.StartAsync(stores, draw.Next());
            await world.ApplyAsync(text);
            foreach (var stream in new[] { "r", "q", "r" })
            {
                var ids = Enumerable.Range(sent.Count, 20).ToList();
                await world.AppendAsync(stream, $"{ids[0]}", [.. ids.Select(Event)]);
                sent.AddRange(ids.Select(id => (stream, id)));
            }

            var read = draw.Next(1, 100);
            await world.UntilAsync("a", status => status.Instances.Sum(i => i.Counts.Read) >= read
                || status.Instances.All(i => i.LagEvents == 0));
        }

        return sent.ToLookup(static one => one.Stream, static one => one.Id);
    }

    private static async Task HoldsAsync(
        ThreeStores stores, Random draw, string output, IEnumerable<int> sent, Func<int, string> row)
    {
        var rows = JobWorld.InOrder(sent.Select(row));
        await using var world = await PipelineWorld.StartAsync(stores, draw.Next());
        Assert.Equal(rows, await world.ValuesAsync($"a.{output}", rows.Count, "a"));
    }

    private static string Row(int id) => $$"""{"id":{{id}},"k":"k{{id % 4}}"}""";

    public static (string Key, string Value) Event(int id) => (
        $"k{id % 4}",
        $$"""{"id":{{id}},"k":"k{{id % 4}}","at":"1970-01-01T00:00:{{1 + (id % 59):00}}Z"}""");
}
