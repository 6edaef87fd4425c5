using System.Globalization;
using System.Text.Json;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>Queries of several SELECTs with what they read and write: steps, outputs, unions.</summary>
public sealed class WholeJobTests
{
    private const string Cars = """
        Make1 2023-01-01T00:00:01.0000000Z
        Make1 2023-01-01T00:00:02.0000000Z
        Make2 2023-01-01T00:00:01.0000000Z
        Make2 2023-01-01T00:00:02.0000000Z
        Make2 2023-01-01T00:00:03.0000000Z
        """;

    private const string Union = """
        name: t
        streams:
          a: { partitions: 3, key: id, time: at }
          b: { partitions: 2, key: id, time: at }
        query: |
          WITH both AS (SELECT id, v FROM a WHERE v IS NOT NULL UNION SELECT id, 2 * w AS v FROM b),
               parts AS (SELECT id, COUNT(*) AS n, SUM(v) AS total FROM both GROUP BY id, TumblingWindow(second, 10))
          SELECT * INTO rows FROM both
          SELECT id, n, total, System.Timestamp() AS at INTO parts10 FROM parts
          SELECT MAX(n) AS most, SUM(total) AS total, System.Timestamp() AS at INTO minutes FROM parts
          GROUP BY TumblingWindow(minute, 1)
        sinks: { minutes: { files: { path: out, roll: { every: 20ms } } } }
        """;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("""
        SELECT * INTO ArchiveOutput FROM Input TIMESTAMP BY Time

        SELECT Make, System.TimeStamp() AS Time, COUNT(*) AS [Count]
        INTO AlertOutput
        FROM Input TIMESTAMP BY Time
        GROUP BY Make, TumblingWindow(second, 10)
        HAVING [Count] >= 3
        """)]
    [InlineData("""
        WITH ReaderQuery AS (SELECT * FROM Input TIMESTAMP BY Time)

        SELECT * INTO ArchiveOutput FROM ReaderQuery

        SELECT Make, System.TimeStamp() AS Time, COUNT(*) AS [Count]
        INTO AlertOutput FROM ReaderQuery
        GROUP BY Make, TumblingWindow(second, 10)
        HAVING [Count] >= 3
        """)]
    public async Task The_pattern_of_several_outputs_gives_what_its_page_shows(string query)
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await JobAsync(stores, "Input: { partitions: 2 }", query);
        var events = Cars.Split('\n', StringSplitOptions.TrimEntries)
            .Select(line => $$"""{"Make":"{{line[..5]}}","Time":"{{line[6..]}}"}""").ToArray();
        await world.AppendAsync("Input", "1", [.. events.Select(text => ("k", text))]);
        await world.EndAsync("Input");
        Assert.Equal(JobWorld.InOrder(events), await world.ValuesAsync("t.ArchiveOutput", 5));
        Assert.Equal(
            ["""{"Make":"Make2","Time":"2023-01-01T00:00:10Z","Count":3}"""],
            await world.ValuesAsync("t.AlertOutput", 1));
    }

    /// <summary>The page of WITH, but for a column's name that it misspells.</summary>
    [Fact]
    public async Task The_example_of_WITH_reads_the_result_of_a_window_in_a_later_step()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await JobAsync(stores, "Sensor: { partitions: 2, key: SensorId, time: T }", """
            WITH
            NormalReadings AS (SELECT * FROM Sensor WHERE Reading < 100 AND Reading > 0),
            Averages AS
            (
              SELECT SensorId, AVG(Reading) as AvgNormalReading
              FROM NormalReadings
              GROUP BY SensorId, TumblingWindow(minute, 1)
            ),
            BadAverages AS (SELECT *, System.Timestamp() AS Until FROM Averages WHERE AvgNormalReading < 10)

            SELECT * INTO outputAlerts FROM BadAverages
            SELECT * INTO outputLog FROM NormalReadings
            """);
        await world.AppendAsync("Sensor", "1", [.. new[] { ("a", 4, 1), ("a", 6, 59), ("a", 500, 30), ("b", 40, 30) }
            .Select(e => (e.Item1,
                $$"""{"SensorId":"{{e.Item1}}","Reading":{{e.Item2}},"T":"2023-01-01T00:00:{{e.Item3:00}}Z"}"""))]);
        await world.EndAsync("Sensor");
        Assert.Equal(
            ["""{"SensorId":"a","AvgNormalReading":5.0,"Until":"2023-01-01T00:01:00Z"}"""],
            await world.ValuesAsync("t.outputAlerts", 1));
        Assert.Equal(3, (await world.ValuesAsync("t.outputLog", 3)).Count);
    }

    [Fact]
    public async Task The_example_of_INTO_archives_and_counts_what_one_step_takes()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await JobAsync(stores, "TollTagEntry: { partitions: 3, key: TollId }", """
            WITH WAVehicle AS (
                SELECT TollId, EntryTime AS VehicleEntryTime, LicensePlate, State
                FROM TollTagEntry TIMESTAMP BY EntryTime
                WHERE State = 'WA'
            )
            SELECT * INTO WAVehicleArchive FROM WAVehicle;
            SELECT DateAdd(minute,-3,System.TimeStamp) AS WinStartTime, System.TimeStamp AS WinEndTime, COUNT(*)
            INTO WAVehicleCount FROM WAVehicle GROUP BY TumblingWindow(minute, 3)
            """);
        await world.AppendAsync("TollTagEntry", "1", [.. Enumerable.Range(0, 12).Select(i => ($"{i % 4}",
            $$"""{"TollId":{{i % 4}},"EntryTime":"2023-01-01T00:0{{i / 4}}:30Z","LicensePlate":"{{i}}","State":"{{(
                i % 3 == 0 ? "OR" : "WA")}}"}"""))]);
        await world.EndAsync("TollTagEntry");
        Assert.Equal(
            ["""{"WinStartTime":"2023-01-01T00:00:00Z","WinEndTime":"2023-01-01T00:03:00Z","count":8}"""],
            await world.ValuesAsync("t.WAVehicleCount", 1));
        Assert.Equal(8, (await world.ValuesAsync("t.WAVehicleArchive", 8)).Count);
    }

    [Fact]
    public async Task The_example_of_UNION_has_all_rows_of_both_streams_and_equal_ones_twice()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await JobAsync(stores, "Input1: { partitions: 2 }, Input2: { partitions: 3 }", """
            SELECT TollId, EntryTime AS Time, LicensePlate
            FROM Input1 TIMESTAMP BY EntryTime
            UNION
            SELECT TollId, ExitTime AS Time, LicensePlate
            FROM Input2 TIMESTAMP BY ExitTime
            """);
        await world.AppendAsync(
            "Input1",
            "1",
            ("x", """{"TollId":1,"EntryTime":"2023-01-01T00:00:01Z","LicensePlate":"A"}"""),
            ("y", """{"TollId":1,"EntryTime":"2023-01-01T00:00:03Z","LicensePlate":"A"}"""));
        await world.AppendAsync(
            "Input2", "1", ("z", """{"TollId":1,"ExitTime":"2023-01-01T00:00:03Z","LicensePlate":"A"}"""));
        Assert.Equal(
            [
                """{"TollId":1,"Time":"2023-01-01T00:00:01Z","LicensePlate":"A"}""",
                """{"TollId":1,"Time":"2023-01-01T00:00:03Z","LicensePlate":"A"}""",
                """{"TollId":1,"Time":"2023-01-01T00:00:03Z","LicensePlate":"A"}""",
            ],
            await world.ValuesAsync("t.output", 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Kills_at_any_point_lose_and_repeat_nothing_of_a_union_and_of_windows_over_its_windows(int seed)
    {
        var draw = new Random(seed);
        await using var stores = await ThreeStores.FormatAsync();
        var batches = Batches(draw);
        await using var last = await JobWorld.KilledAsync(stores, Union, batches, draw, mostRead: 90);
        var (rows, parts, minutes) = Expected(batches);
        Assert.Equal(parts, await last.ValuesAsync("t.parts10", parts.Count));
        Assert.Equal(minutes, await last.ValuesAsync("t.minutes", minutes.Count));
        Assert.Equal(rows, await last.ValuesAsync("t.rows", rows.Count));
        Assert.Equal(rows, await last.ValuesAsync("t.both", rows.Count));
        await last.SinkHasAsync("minutes.sink", minutes);
    }

    private static async Task<PipelineWorld> JobAsync(ThreeStores stores, string streams, string query)
    {
        var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync($"name: t\nstreams: {{ {streams} }}\nquery: |\n  {query.ReplaceLineEndings("\n  ")}\n");
        return world;
    }

    private static List<JobBatch> Batches(Random draw) =>
    [
        .. Enumerable.Range(0, 12).Select(batch => new JobBatch(
            [.. Enumerable.Range(0, draw.Next(1, 15)).Select(_ => Draw(draw, batch, "v"))],
            [.. Enumerable.Range(0, draw.Next(1, 15)).Select(_ => Draw(draw, batch, "w"))]))
    ];

    private static (string Key, string Value) Draw(Random draw, int batch, string field)
    {
        var id = $"dev-{draw.Next(9)}";
        var at = DateTime.UnixEpoch.AddMilliseconds((batch * 5_000) + draw.Next(1, 2_000));
        var value = draw.Next(8) == 0 ? "null" : draw.Next(100).ToString(CultureInfo.InvariantCulture);
        return (id, $$"""{"id":"{{id}}","{{field}}":{{value}},"at":"{{at:O}}"}""");
    }

    /// <summary>What the queries say, computed plainly: windows are (start, end].</summary>
    private static (List<string> Rows, List<string> Parts, List<string> Minutes) Expected(
        IReadOnlyList<JobBatch> batches)
    {
        var rows = batches.SelectMany(batch => batch.A).Select(e => Row(e.Value, "v")).Where(row => row.V is not null)
            .Concat(batches.SelectMany(batch => batch.B).Select(e => Row(e.Value, "w")).Select(row => row with
            {
                V = 2 * row.V,
            }))
            .ToList();
        var parts = rows.GroupBy(row => (row.Id, End: End(row.At, Window)))
            .Select(group => (group.Key.Id, N: group.Count(), Total: group.Sum(row => row.V), group.Key.End,
                IsNull: group.All(row => row.V is null))).ToList();
        var minutes = parts.GroupBy(part => End(part.End, TimeSpan.FromMinutes(1)))
            .Select(group => (Most: group.Max(part => part.N), Total: group.Sum(part => part.Total), End: group.Key));
        return (
            JobWorld.InOrder(rows.Select(row => $$"""{"id":"{{row.Id}}","v":{{Json(row.V)}}}""")),
            JobWorld.InOrder(parts.Select(part => $$"""{"id":"{{part.Id}}","n":{{part.N}},"total":"""
                + $$"""{{Json(part.IsNull ? null : part.Total)}},"at":"{{Text(part.End)}}"}""")),
            JobWorld.InOrder(minutes.Select(minute =>
                $$"""{"most":{{minute.Most}},"total":{{minute.Total}},"at":"{{Text(minute.End)}}"}""")));
    }

    private static (string Id, int? V, DateTime At) Row(string json, string field)
    {
        var row = JsonDocument.Parse(json).RootElement;
        var value = row.GetProperty(field);
        return (
            row.GetProperty("id").GetString()!,
            value.ValueKind == JsonValueKind.Null ? null : value.GetInt32(),
            row.GetProperty("at").GetDateTime().ToUniversalTime());
    }

    private static DateTime End(DateTime time, TimeSpan size) =>
        new((time.Ticks + size.Ticks - 1) / size.Ticks * size.Ticks, DateTimeKind.Utc);

    private static string Json(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";

    private static string Text(DateTime time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
