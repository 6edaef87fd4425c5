using System.Text.Json;
using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Operators;

/// <summary>CROSS APPLY and OUTER APPLY: the reference's examples, and what rows of one event share.</summary>
public sealed class ApplyTests
{
    private const string Tolls = """
        {"TollId":"1","EntryTime":"2026-01-01T00:00:01Z","Licenses":["a", "b"],"x":1}
        {"TollId":"2","EntryTime":"2026-01-01T00:00:02Z","Licenses":[]}
        {"TollId":"3","EntryTime":"2026-01-01T00:00:03Z"}
        """;

    [Fact]
    public void The_references_license_plates() => Assert.Equal(
        [
            """{"TollId":"1","EntryTime":"2026-01-01T00:00:01Z","licensePlate":"a"}""",
            """{"TollId":"1","EntryTime":"2026-01-01T00:00:01Z","licensePlate":"b"}""",
        ],
        Pattern.Values(
            """
            SELECT e.TollId, e.EntryTime, flat.ArrayValue AS licensePlate
               FROM input AS e TIMESTAMP BY EntryTime
               CROSS APPLY GetArrayElements(e.Licenses) AS flat
            """,
            Tolls));

    [Fact]
    public void The_references_cars_without_license_plate() => Assert.Equal(
        [
            """{"TollId":"1","licensePlate":"a","licensePlateIndex":0}""",
            """{"TollId":"1","licensePlate":"b","licensePlateIndex":1}""",
            """{"TollId":"2","licensePlate":null,"licensePlateIndex":null}""",
            """{"TollId":"3","licensePlate":null,"licensePlateIndex":null}""",
        ],
        Pattern.Values(
            """
            SELECT e.TollId,
            flat.ArrayValue AS licensePlate, flat.ArrayIndex AS licensePlateIndex
               FROM input AS e TIMESTAMP BY EntryTime
               OUTER APPLY GetArrayElements(e.Licenses) AS flat
            """,
            Tolls));

    [Theory]
    [InlineData("""
        WITH firstQuery AS (
           SELECT input.TollId, input.EntryTime,
           flat.ArrayIndex AS i1, flat.ArrayValue AS licenses
              FROM input
              CROSS APPLY GetArrayElements(input.ArrayOfArray) AS flat)

        SELECT firstQuery.TollId, firstQuery.EntryTime, firstQuery.i1,
        flat2.ArrayIndex AS i2, flat2.ArrayValue AS license
           FROM firstQuery
           CROSS APPLY GetArrayElements(firstQuery.licenses) AS flat2
        """)]
    [InlineData("""
        SELECT input.TollId, EntryTime, flat.ArrayIndex AS i1, Flat2.arrayindex AS i2, flat2.ArrayValue AS license
        FROM input CROSS APPLY GetArrayElements(ArrayOfArray) flat
        CROSS APPLY GetArrayElements(flat.ArrayValue) AS flat2
        """)]
    public void The_references_nested_arrays_in_steps_or_one_behind_the_other(string query)
    {
        var run = new Run(query).Event("""{"TollId":1,"EntryTime":"t","ArrayOfArray":[["a"],[],["b",{"c":[]}]]}""");
        Assert.Equal(
            [
                """{"TollId":1,"EntryTime":"t","i1":0,"i2":0,"license":"a"}""",
                """{"TollId":1,"EntryTime":"t","i1":2,"i2":0,"license":"b"}""",
                """{"TollId":1,"EntryTime":"t","i1":2,"i2":1,"license":{"c":[]}}""",
            ],
            run.Output.Values);
    }

    [Fact]
    public void The_properties_of_a_record_as_in_the_article_on_parsing_JSON()
    {
        var run = new Run("SELECT event.DeviceID, sensorReading.PropertyName, sensorReading.PropertyValue "
                + "FROM input as event CROSS APPLY GetRecordProperties(event.SensorReadings) AS sensorReading")
            .Event("""
            {"DeviceId":"12345","SensorReadings":{"Temperature":80,"Custom\"01":5.0,"Meta":{"Version":"1.2"}}}
            """);
        Assert.Equal(
            [
                """{"DeviceID":"12345","PropertyName":"Temperature","PropertyValue":80}""",
                """{"DeviceID":"12345","PropertyName":"Custom\"01","PropertyValue":5.0}""",
                """{"DeviceID":"12345","PropertyName":"Meta","PropertyValue":{"Version":"1.2"}}""",
            ],
            run.Output.Values);
    }

    [Fact]
    public void A_star_is_the_event_and_the_element_under_its_name()
    {
        var run = new Run("SELECT * FROM input CROSS APPLY GetArrayElements(a) AS e")
            .Event("""{ "a":[ 1 , "x" ], "E":7, "b":{} }""").Event("""{"a":[true]}""");
        Assert.Equal(
            [
                """{"a":[ 1 , "x" ],"b":{},"e":{"ArrayIndex":0,"ArrayValue":1}}""",
                """{"a":[ 1 , "x" ],"b":{},"e":{"ArrayIndex":1,"ArrayValue":"x"}}""",
                """{"a":[true],"e":{"ArrayIndex":0,"ArrayValue":true}}""",
            ],
            run.Output.Values);
        Assert.Equal(
            ["""{"ArrayIndex":0,"ArrayValue":2,"r":{"a":[2],"e":{"ArrayIndex":0,"ArrayValue":2}}}"""],
            new Run("SELECT e.*, s AS r FROM input s CROSS APPLY GetArrayElements(s.a) AS e").Event("""{"a":[2]}""")
                .Output.Values);
    }

    [Fact]
    public void Rows_are_filtered_grouped_and_compared_as_events_are()
    {
        var run = new Run("SELECT e.ArrayValue AS v, COUNT(*) AS n, SUM(w) AS s FROM input CROSS APPLY "
                + "GetArrayElements(a) AS e WHERE e.ArrayIndex > 0 GROUP BY e.ArrayValue, Tumbling(second, 10)")
            .Event("""{"a":[9,1,2,1],"w":5}""", 1).Restart().Event("""{"a":[9,1],"w":6}""", 2).Watermark(1000);
        Assert.Equal(["""{"v":1,"n":3,"s":16}""", """{"v":2,"n":1,"s":5}"""], run.Output.Values);
        run = new Run("SELECT LAG(e.ArrayValue) OVER (LIMIT DURATION(day, 1)) AS l FROM input CROSS APPLY "
            + "GetArrayElements(a) AS e").Event("""{"a":[1,2]}""").Restart().Event("""{"a":[3]}""");
        Assert.Equal(["""{"l":null}""", """{"l":1}""", """{"l":2}"""], run.Output.Values);
    }

    [Fact]
    public void The_event_is_rejected_once_and_late_once_whatever_its_rows()
    {
        const string Event = """{"a":[0,4,0]}""";
        var run = new Run("SELECT 8 / e.ArrayValue AS q FROM input CROSS APPLY GetArrayElements(a) AS e")
            .Event(Event).Event("""{"a":"x"}""").Event("""{"a":{}}""").Event("""{"a":null}""");
        Assert.Equal([Event, """{"a":"x"}""", """{"a":{}}"""], run.Output.Rejected);
        Assert.Equal(["""{"q":2}"""], run.Output.Values);
        Assert.Equal(
            "CROSS APPLY GetArrayElements: an array was expected, 'x' is nvarchar(max)", run.Output.Reasons[1]);
        run = new Run("SELECT COUNT(*) AS n FROM input CROSS APPLY GetArrayElements(a) AS e "
                + "GROUP BY Tumbling(second, 1)")
            .Watermark(50).Event(Event, 1);
        Assert.Equal([Event], run.Output.Late);
    }

    [Fact]
    public void What_all_rows_of_an_event_take_is_bounded()
    {
        var many = $"{{\"a\":[{string.Join(',', Enumerable.Repeat(0, 300_000))}],\"b\":\"{new string('b', 1000)}\"}}";
        var run = new Run("SELECT e.ArrayIndex AS i, b FROM input CROSS APPLY GetArrayElements(a) AS e").Event(many);
        Assert.Equal(
            "CROSS APPLY GetArrayElements: the 300000 rows of one event take more than 67108864 bytes",
            Assert.Single(run.Output.Reasons));
        Assert.Empty(run.Output.Values);
        run = new Run("SELECT e.ArrayIndex AS i FROM input CROSS APPLY GetArrayElements(a) AS e").Event(many);
        Assert.Equal(300_000, run.Output.Values.Count);
    }

    [Fact]
    public void Rows_are_those_that_a_document_has_whatever_the_event()
    {
        var random = new RandomQuery(new Random(7));
        var run = new Run("SELECT b, e.ArrayIndex AS i, e.ArrayValue AS v FROM input "
            + "OUTER APPLY GetArrayElements(l) e");
        var expected = new List<string>();
        for (var i = 0; i < 2000; i++)
        {
            var json = random.Event();
            run.Event(json);
            var members = JsonDocument.Parse(json).RootElement.EnumerateObject().ToList();
            var list = members.FirstOrDefault(m => m.Name == "l").Value;
            var b = members.FirstOrDefault(m => m.Name == "b").Value is { ValueKind: not JsonValueKind.Undefined } found
                ? found.GetRawText()
                : "null";
            if (list.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            {
                expected.Add($"{{\"b\":{b},\"i\":null,\"v\":null}}");
            }
            else if (list.ValueKind == JsonValueKind.Array)
            {
                expected.AddRange(list.EnumerateArray().Select(
                    (v, at) => $"{{\"b\":{b},\"i\":{at},\"v\":{v.GetRawText()}}}"));
            }
        }

        Assert.Equal(expected, run.Output.Values);
        Assert.InRange(expected.Count, 1500, 4000);
    }

    [Fact]
    public void Results_do_not_depend_on_blocks_nor_on_restarts()
    {
        var query = Run.Compile("SELECT e.ArrayValue AS v, COUNT(*) AS n FROM input "
            + "CROSS APPLY GetArrayElements(a) AS e GROUP BY e.ArrayValue, Session(second, 3)");
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var events = Enumerable.Range(0, 60)
                .Select(i => (
                    Run.Second(i + random.Next(4)), $"{{\"a\":[{random.Next(3)},{random.Next(3)}]}}")).ToList();
            Assert.InRange(Splits.Check(query, events, random), 3, 500);
        }
    }

    [Fact]
    public void It_says_of_the_source_what_the_planner_asks()
    {
        var query = Run.Compile("SELECT d.k AS k, e.ArrayValue AS v, COUNT(*) AS n FROM input TIMESTAMP BY t "
            + "CROSS APPLY GetArrayElements(a) AS e GROUP BY d.k, e.ArrayValue, Tumbling(day, 1)");
        Assert.Equal("input", query.Source);
        Assert.Equal("t", query.TimestampPath);
        Assert.Equal(["d.k"], query.GroupBy);
        Assert.Equal(["d.k"], query.Gathers);
        Assert.Equal("d.k", query.SourceOf("k"));
        Assert.Null(query.SourceOf("v"));
        Assert.Equal(["k", "v", "n"], query.Columns);
    }

    [Theory]
    [InlineData(
        "input CROSS APPLY LEN(x) AS y",
        "1:38: GetArrayElements(x) or GetRecordProperties(x), with one argument, ")]
    [InlineData(
        "input CROSS APPLY GetArrayElements(x)",
        "1:57: AS and a name for the elements was expected, not the end of")]
    [InlineData("input CROSS JOIN b", "1:26: CROSS JOIN is for reference data, which is not supported "
        + "yet; two streams are joined by JOIN … ON DATEDIFF(second, a, b) BETWEEN 0 AND 10, which needs no columns "
        + "that are equal")]
    [InlineData("input OUTER b", "1:26: APPLY was expected behind OUTER")]
    [InlineData(
        "input CROSS APPLY GetArrayElements(x) AS y TIMESTAMP BY t",
        "1:63: TIMESTAMP BY belongs before CROSS APPLY")]
    [InlineData("input CROSS APPLY GetArrayElements(x) AS input", "1:26: a second 'input' in FROM")]
    [InlineData("input CROSS APPLY GetArrayElements('x') AS y",
        "1:55: GetArrayElements: array was expected, this is nvarchar(max)")]
    [InlineData("known CROSS APPLY GetArrayElements(lists) AS y", "1:55: unknown column 'lists': known has deviceId, ")]
    [InlineData(
        "input WHERE GetArrayElements(x)",
        "1:32: GetArrayElements belongs behind FROM: CROSS APPLY GetArrayElements(")]
    public void Mistakes_have_their_places(string from, string expected) => Assert.StartsWith(
        expected,
        Assert.Single(QueryCompiler.Compile($"SELECT 1 AS a FROM {from}", Run.Options()).Errors).ToString());
}
