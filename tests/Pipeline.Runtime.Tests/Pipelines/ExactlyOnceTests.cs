using System.Text.Json;
using Pipeline.Runtime.Pipelines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

public sealed class ExactlyOnceTests
{
    private const string Counts = """
        name: t
        streams: { raw: { partitions: 3, key: id, time: at } }
        stages:
          valid: { query: SELECT * FROM raw WHERE v IS NOT NULL }
          perCity:
            key: city
            partitions: 2
            query: >-
              SELECT city, COUNT(*) AS n, SUM(v) AS total, System.Timestamp() AS at
              FROM valid GROUP BY city, TumblingWindow(second, 10)
        sinks: { out: { from: perCity, files: { path: out, roll: { every: 20ms } } } }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Kills_at_any_point_lose_nothing_and_repeat_nothing_through_an_exchange_and_into_files(int seed)
    {
        var draw = new Random(seed);
        await using var stores = await ThreeStores.FormatAsync();
        var batches = Batches(draw);
        for (var sent = 0; sent < batches.Count;)
        {
            await using var world = await PipelineWorld.StartAsync(stores, draw.Next());
            await world.ApplyAsync(Counts);
            var target = draw.Next(1, 60);
            for (var i = 0; i < 3 && sent < batches.Count; i++)
            {
                await world.AppendAsync("raw", $"batch-{sent}", batches[sent++]);
            }

            await world.UntilAsync("t", status => status.Instances.Sum(i => i.Counts.Read) >= target
                || status.Instances.All(i => i.LagEvents == 0));
        }

        await using var last = await PipelineWorld.StartAsync(stores, draw.Next());
        var end = DateTime.UnixEpoch.AddDays(1).Ticks;
        await last.WatermarkAsync("raw", end);
        var expected = Expected(batches);
        var outputs = (await last.ReadAsync("t.perCity", expected.Count)).Select(o => o[(o.IndexOf('{'))..]).ToList();
        Assert.Equal(expected, outputs.Order(StringComparer.Ordinal));
        await last.UntilAsync("t", status => status.Instances.Where(i => i.Stage == "out").All(i => i.LagEvents == 0)
            && status.Instances.Where(i => i.Stage == "out").Sum(i => i.CheckpointCursor ?? 0) == expected.Count);
        var files = Directory.GetFiles(stores.Root(0) + "-data/out", "*.ndjson");
        Assert.Equal(expected, files.SelectMany(File.ReadAllLines).Order(StringComparer.Ordinal));
        Directory.Delete(stores.Root(0) + "-data", recursive: true);
    }

    [Fact]
    public async Task A_large_state_lies_in_blobs_and_survives_a_kill()
    {
        await using var stores = await ThreeStores.FormatAsync();
        const int keys = 4_000;
        const string text = """
            name: t
            streams: { raw: { partitions: 1, key: id, time: at } }
            stages:
              counts: { query: "SELECT id, COUNT(*) AS n FROM raw GROUP BY id, TumblingWindow(second, 10)" }
            """;
        await using (var world = await PipelineWorld.StartAsync(stores))
        {
            await world.ApplyAsync(text);
            await world.AppendAsync("raw", "a", [.. Enumerable.Range(0, keys).Select(i => Event($"key-{i:d8}", 1))]);
            await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == keys);
        }

        Assert.Contains(
            Directory.GetFiles(stores.Root(1), "*", SearchOption.AllDirectories),
            file => file.Contains("state", StringComparison.Ordinal));
        await using var again = await PipelineWorld.StartAsync(stores, 2);
        await again.AppendAsync("raw", "b", [.. Enumerable.Range(0, keys).Select(i => Event($"key-{i:d8}", 2))]);
        await again.WatermarkAsync("raw", DateTime.UnixEpoch.AddDays(1).Ticks);
        var outputs = await again.ReadAsync("t.counts", keys);
        Assert.Equal(keys, outputs.Count);
        Assert.All(outputs, output => Assert.EndsWith("\"n\":2}", output));
    }

    [Fact]
    public async Task Two_processes_at_once_make_each_output_once()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var first = await PipelineWorld.StartAsync(stores);
        await first.ApplyAsync(Counts);
        var batches = Batches(new Random(5));
        await first.AppendAsync("raw", "batch-0", batches[0]);
        await using var second = await PipelineWorld.StartAsync(stores, 2);
        for (var i = 1; i < batches.Count; i++)
        {
            await second.AppendAsync("raw", $"batch-{i}", batches[i]);
        }

        await second.WatermarkAsync("raw", DateTime.UnixEpoch.AddDays(1).Ticks);
        var expected = Expected(batches);
        var outputs = await second.ReadAsync("t.perCity", expected.Count);
        Assert.Equal(expected, outputs.Select(o => o[(o.IndexOf('{'))..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_two_processes_only_the_one_that_opened_the_catalog_last_changes_it()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var first = await PipelineWorld.StartAsync(stores);
        await using var second = await PipelineWorld.StartAsync(stores, 2);
        var outcomes = await Task.WhenAll(
            first.Keeper.ApplyAsync(new ApplyRequest { Text = Counts }, default).AsTask(),
            second.Keeper.ApplyAsync(new ApplyRequest { Text = Counts }, default).AsTask());
        Assert.Equal([ApplyStatus.Unavailable, ApplyStatus.Applied], outcomes.Select(static o => o.Status));
        Assert.True(first.Keeper.IsOvertaken && !second.Keeper.IsOvertaken);
        Assert.Equal(PipelineOutcomeStatus.Unavailable, (await first.Keeper.PauseAsync("t", null, default)).Status);
        Assert.True(second.Keeper.TryGet("t", out _));
        var batches = Batches(new Random(6));
        for (var i = 0; i < batches.Count; i++)
        {
            await second.AppendAsync("raw", $"batch-{i}", batches[i]);
        }

        await second.WatermarkAsync("raw", DateTime.UnixEpoch.AddDays(1).Ticks);
        var expected = Expected(batches);
        var outputs = await second.ReadAsync("t.perCity", expected.Count);
        Assert.Equal(expected, outputs.Select(o => o[(o.IndexOf('{'))..]).Order(StringComparer.Ordinal));
    }

    private static (string Key, string Value) Event(string id, int second) =>
        (id, $$"""{"id":"{{id}}","at":"1970-01-01T00:00:0{{second}}Z"}""");

    private static List<(string Key, string Value)[]> Batches(Random draw) =>
        [.. Enumerable.Range(0, 12).Select(batch => Enumerable.Range(0, draw.Next(1, 15)).Select(_ =>
        {
            var id = $"dev-{draw.Next(9)}";
            var at = DateTime.UnixEpoch.AddMilliseconds((batch * 5_000) + draw.Next(1, 2_000));
            var v = draw.Next(8) == 0 ? "null" : $"{draw.Next(100)}";
            return (id, $$"""{"id":"{{id}}","city":"c{{draw.Next(5)}}","v":{{v}},"at":"{{at:O}}"}""");
        }).ToArray())];

    /// <summary>What the query says, computed plainly: windows are (start, end].</summary>
    private static List<string> Expected(IEnumerable<(string Key, string Value)[]> batches) =>
        [.. batches.SelectMany(batch => batch).Select(e => JsonDocument.Parse(e.Value).RootElement)
            .Where(e => e.GetProperty("v").ValueKind == JsonValueKind.Number)
            .GroupBy(e => (City: e.GetProperty("city").GetString(), End: WindowEnd(e.GetProperty("at").GetDateTime())))
            .Select(group => $$"""{"city":"{{group.Key.City}}","n":{{group.Count()}},"total":"""
                + $$"""{{group.Sum(e => e.GetProperty("v").GetInt32())}},"at":"{{group.Key.End}}"}""")
            .Order(StringComparer.Ordinal)];

    private static string WindowEnd(DateTime time)
    {
        var size = TimeSpan.FromSeconds(10).Ticks;
        var end = new DateTime((time.ToUniversalTime().Ticks + size - 1) / size * size, DateTimeKind.Utc);
        return end.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }
}
