using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Analytics;

/// <summary>LAG, LAST and ISFIRST: what the reference and its page of patterns say of them.</summary>
public sealed class AnalyticTests
{
    private const string Cars = """
        {"LicensePlate":"DXE 5291","Make":"Honda","Time":"2015-07-27T00:00:05Z"}
        {"LicensePlate":"YZK 5704","Make":"Ford","Time":"2015-07-27T00:02:17Z"}
        {"LicensePlate":"RMV 8282","Make":"Honda","Time":"2015-07-27T00:05:01Z"}
        {"LicensePlate":"YHN 6970","Make":"Toyota","Time":"2015-07-27T00:06:00Z"}
        {"LicensePlate":"VFE 1616","Make":"Toyota","Time":"2015-07-27T00:09:31Z"}
        {"LicensePlate":"QYF 9358","Make":"Honda","Time":"2015-07-27T00:12:02Z"}
        {"LicensePlate":"MDR 6128","Make":"BMW","Time":"2015-07-27T00:13:45Z"}
        """;

    [Fact]
    public void Pattern_determine_if_a_value_has_changed() => Assert.Equal(
        ["""{"Make":"Toyota","Time":"2015-01-01T00:00:02.0000000Z"}"""],
        Pattern.Values(
            "SELECT Make, Time FROM input TIMESTAMP BY Time "
                + "WHERE LAG(Make, 1) OVER (LIMIT DURATION(minute, 1)) <> Make",
            """
            {"Make":"Honda","Time":"2015-01-01T00:00:01.0000000Z"}
            {"Make":"Toyota","Time":"2015-01-01T00:00:02.0000000Z"}
            """));

    [Fact]
    public void Pattern_find_the_first_event_in_a_window() => Assert.Equal(
        ["""{"LicensePlate":"DXE 5291"}""", """{"LicensePlate":"QYF 9358"}"""],
        Pattern.Values(
            "SELECT LicensePlate FROM input TIMESTAMP BY Time WHERE IsFirst(minute, 10) = 1", Cars));

    [Fact]
    public void Pattern_find_the_first_car_of_each_make_in_a_window() => Assert.Equal(
        ["DXE 5291", "YZK 5704", "YHN 6970", "QYF 9358", "MDR 6128"],
        Pattern.Values(
            "SELECT LicensePlate FROM input TIMESTAMP BY Time WHERE IsFirst(minute, 10) OVER (PARTITION BY Make) = 1",
            Cars).Select(value => value[17..25]));

    [Fact]
    public void Pattern_locate_correlated_events_in_a_stream() => Assert.Equal(
        [
            """{"Make":"Honda","Time":"2015-01-01T00:00:02.0000000Z","CurrentCarLicensePlate":"AAA-999",""" + """
            "FirstCarLicensePlate":"ABC-123","FirstCarTime":"2015-01-01T00:00:01.0000000Z"}
            """,
        ],
        Pattern.Values(
            """
            SELECT
                Make,
                Time,
                LicensePlate AS CurrentCarLicensePlate,
                LAG(LicensePlate, 1) OVER (LIMIT DURATION(second, 90)) AS FirstCarLicensePlate,
                LAG(Time, 1) OVER (LIMIT DURATION(second, 90)) AS FirstCarTime
            FROM
                input TIMESTAMP BY Time
            WHERE
                LAG(Make, 1) OVER (LIMIT DURATION(second, 90)) = Make
            """,
            """
            {"Make":"Honda","LicensePlate":"ABC-123","Time":"2015-01-01T00:00:01.0000000Z"}
            {"Make":"Honda","LicensePlate":"AAA-999","Time":"2015-01-01T00:00:02.0000000Z"}
            {"Make":"Toyota","LicensePlate":"DEF-987","Time":"2015-01-01T00:00:03.0000000Z"}
            {"Make":"Honda","LicensePlate":"GHI-345","Time":"2015-01-01T00:00:04.0000000Z"}
            """));

    [Fact]
    public void Pattern_detect_the_duration_between_events() => Assert.Equal(
        ["""{"user":"user@location.com","feature":"RightMenu","duration":7}"""],
        Pattern.Values(
            """
            SELECT
                [user],
                feature,
                DATEDIFF(
                    second,
                    LAST(Time) OVER (PARTITION BY [user], feature LIMIT DURATION(hour, 1) WHEN Event = 'Start'),
                    Time) as duration
            FROM input TIMESTAMP BY Time
            WHERE
                Event = 'End'
            """,
            """
            {"user":"user@location.com","feature":"RightMenu","Event":"Start","Time":"2015-01-01T00:00:01.0000000Z"}
            {"user":"user@location.com","feature":"RightMenu","Event":"End","Time":"2015-01-01T00:00:08.0000000Z"}
            """));

    [Fact]
    public void Pattern_detect_the_duration_of_a_condition() => Assert.Equal(
        ["""{"StartFault":"2015-01-01T00:00:02Z","EndFault":"2015-01-01T00:00:07Z"}"""],
        Pattern.Values(
            """
            WITH SelectPreviousEvent AS
            (
            SELECT
            *,
                LAG([time]) OVER (LIMIT DURATION(hour, 24)) as previousTime,
                LAG([weight]) OVER (LIMIT DURATION(hour, 24)) as previousWeight
            FROM input TIMESTAMP BY [time]
            )

            SELECT 
                LAG(time) OVER (LIMIT DURATION(hour, 24) WHEN previousWeight < 20000 ) [StartFault],
                previousTime [EndFault]
            FROM SelectPreviousEvent
            WHERE
                [weight] < 20000
                AND previousWeight > 20000
            """,
            """
            {"make":"Honda","time":"2015-01-01T00:00:01Z","weight":2000}
            {"make":"Toyota","time":"2015-01-01T00:00:02Z","weight":25000}
            {"make":"Honda","time":"2015-01-01T00:00:03Z","weight":26000}
            {"make":"Toyota","time":"2015-01-01T00:00:04Z","weight":25000}
            {"make":"Honda","time":"2015-01-01T00:00:05Z","weight":26000}
            {"make":"Toyota","time":"2015-01-01T00:00:06Z","weight":25000}
            {"make":"Honda","time":"2015-01-01T00:00:07Z","weight":26000}
            {"make":"Toyota","time":"2015-01-01T00:00:08Z","weight":2000}
            """));

    [Fact]
    public void LAG_gives_the_value_at_the_offset_within_the_duration_else_the_default()
    {
        var run = new Run("SELECT LAG(x, 2, -1) OVER (PARTITION BY k LIMIT DURATION(second, 10)) AS x FROM input")
            .Event("""{"k":1,"x":1}""", 1).Event("""{"k":2,"x":9}""", 2).Event("""{"k":1,"x":null}""", 3)
            .Restart().Event("""{"k":1.0,"x":3}""", 4).Event("""{"k":1,"x":4}""", 12.9).Event("""{"k":1,"x":5}""", 14);
        Assert.Equal(Column("-1", "-1", "-1", "1", "null", "-1"), run.Output.Values);
    }

    [Fact]
    public void An_event_as_old_as_the_duration_is_out()
    {
        var run = new Run("SELECT LAG(x) OVER (LIMIT DURATION(second, 2)) AS x FROM input")
            .Event("""{"x":1}""", 1).Event("""{"x":2}""", 3).Event("""{"x":3}""", 4.9);
        Assert.Equal(Column("null", "null", "2"), run.Output.Values);
    }

    [Fact]
    public void WHERE_hides_no_event_from_them_and_WHEN_does()
    {
        var run = new Run("SELECT LAG(x) OVER (LIMIT DURATION(hour, 1)) AS a, LAST(x) OVER (LIMIT DURATION(hour, 1) "
                + "WHEN x > 10) AS b, ISFIRST(hour, 1) OVER (WHEN x > 10) AS c FROM input WHERE x <> 2")
            .Event("""{"x":1}""", 1).Event("""{"x":20}""", 2).Event("""{"x":2}""", 3).Event("""{"x":30}""", 4)
            .Event("""{"x":3}""", 5);
        Assert.Equal(
            [
                """{"a":null,"b":null,"c":0}""", """{"a":1,"b":20,"c":1}""", """{"a":2,"b":30,"c":0}""",
                """{"a":30,"b":30,"c":0}""",
            ],
            run.Output.Values);
    }

    [Fact]
    public void A_star_is_the_whole_event_and_the_default_is_of_the_event_at_hand()
    {
        var run = new Run("SELECT LAG(*) OVER (LIMIT DURATION(hour, 1)) AS l, LAG(x, 1, x) OVER (LIMIT DURATION(hour, "
                + "1)) AS d FROM input").Event("""{"x":[1, "é"]}""", 1).Restart().Event("""{"x":{}}""", 2);
        Assert.Equal(["""{"l":null,"d":[1, "é"]}""", """{"l":{"x":[1, "é"]},"d":[1, "é"]}"""], run.Output.Values);
    }

    [Fact]
    public void A_rejected_event_is_seen_by_none()
    {
        var run = new Run("SELECT 10 / x AS q, LAG(x) OVER (LIMIT DURATION(hour, 1)) AS l FROM input")
            .Event("""{"x":5}""", 1).Event("""{"x":0}""", 2).Event("""{"x":2}""", 3);
        Assert.Equal(["""{"q":2,"l":null}""", """{"q":5,"l":5}"""], run.Output.Values);
        Assert.Equal(["""{"x":0}"""], run.Output.Rejected);
    }

    [Fact]
    public void The_watermark_forgets_and_lateness_keeps_longer()
    {
        const string Query = "SELECT LAG(x) OVER (LIMIT DURATION(second, 10)) AS l, "
            + "ISFIRST(second, 10) AS f FROM input";
        var run = new Run(Query).Event("""{"x":1}""", 5).Watermark(15).Event("""{"x":2}""", 6);
        Assert.Equal("""{"l":null,"f":0}""", run.Output.Values[^1]);
        run = new Run(Query, TimeSpan.FromSeconds(5)).Event("""{"x":1}""", 5).Watermark(15).Event("""{"x":2}""", 6);
        Assert.Equal("""{"l":1,"f":0}""", run.Output.Values[^1]);
    }

    [Fact]
    public void Aggregates_are_of_the_duration_up_to_the_event_which_counts_too()
    {
        var run = new Run("SELECT AVG(x) OVER (PARTITION BY k LIMIT DURATION(minute, 5)) AS a, COUNT(*) OVER (LIMIT "
                + "DURATION(minute, 5) WHEN x > 1) AS c FROM input WHERE MAX(x) OVER (LIMIT DURATION(hour, 1)) > 1")
            .Event("""{"k":1,"x":1}""", 0).Event("""{"k":1,"x":2}""", 1).Event("""{"k":2,"x":"5"}""", 2).Restart()
            .Event("""{"k":1,"x":null}""", 300).Event("""{"k":1,"x":[]}""", 301).Event("""{"k":1,"x":3}""", 302);
        Assert.Equal(
            [
                """{"a":1.5,"c":1}""", """{"a":5.0,"c":2}""", """{"a":2.0,"c":2}""", """{"a":3.0,"c":1}""",
            ],
            run.Output.Values);
        Assert.Equal(["""{"k":1,"x":[]}"""], run.Output.Rejected);
    }

    [Fact]
    public void What_is_out_of_date_takes_no_memory()
    {
        var run = new Run("SELECT LAG(x) OVER (PARTITION BY k LIMIT DURATION(second, 10)) AS l, ISFIRST(second, 10) "
            + "OVER (PARTITION BY k) AS f FROM input");
        for (var i = 0; i < 20_000; i++)
        {
            run.Event($"{{\"k\":{i},\"x\":\"some text of {i}\"}}", i).Watermark(i);
        }

        Assert.InRange(run.Operator.StateBytes, 1, 300_000);
        Assert.InRange(run.Save().Length, 1, 3_000);
    }

    [Fact]
    public void It_says_of_the_source_what_the_planner_asks()
    {
        Assert.Null(Run.Compile("SELECT x FROM input").Gathers);
        Assert.False(Run.Compile("SELECT x FROM input").NeedsWatermark);
        var query = Run.Compile("WITH a AS (SELECT device.k AS k, x FROM input) SELECT x, LAG(x) OVER (PARTITION BY k, "
            + "x LIMIT DURATION(day, 1)) AS l, ISFIRST(day, 1) OVER (PARTITION BY k) AS f FROM a");
        Assert.Equal(["device.k"], query.Gathers);
        Assert.Null(query.GroupBy);
        Assert.True(query.NeedsWatermark);
        Assert.Empty(Run.Compile("SELECT ISFIRST(day, 1) AS f FROM input").Gathers!);
        Assert.Empty(Run.Compile("WITH a AS (SELECT k, ISFIRST(day, 1) AS f FROM input) SELECT k, COUNT(*) AS n FROM a "
            + "GROUP BY k, Tumbling(day, 1)").Gathers!);
    }

    [Theory]
    [InlineData(
        "LAG(x) AS l",
        "1:8: LAG: OVER ([PARTITION BY x] LIMIT DURATION(unit, n) [WHEN condition]) was expected")]
    [InlineData("LAG(x) OVER (PARTITION BY k) AS l", "1:8: LAG: OVER ([PARTITION BY x] LIMIT DURATION(unit, n) ")]
    [InlineData(
        "LAG(x, 0) OVER (LIMIT DURATION(day, 1)) AS l",
        "1:15: LAG: a whole number from 1 to 10000 was expected")]
    [InlineData("LAG(LEN(x), 1, 'a') OVER (LIMIT DURATION(day, 1)) AS l",
        "1:23: LAG: the default must be bigint as the value, this is nvarchar(max)")]
    [InlineData("LAST(x, 1, 2) OVER (LIMIT DURATION(day, 1)) AS l", "1:8: LAST: LAST(x [, default]) OVER (")]
    [InlineData("LAG(x) OVER (LIMIT DURATION(month, 1)) AS l", "1:36: week, day, hour, minute, second, ")]
    [InlineData(
        "LAG(x) OVER (LIMIT DURATION(day, 0)) AS l",
        "1:27: LIMIT DURATION: more than nothing and at most 3650")]
    [InlineData("LAG(x) OVER (LIMIT 5) AS l", "1:28: DURATION(unit, n) was expected behind LIMIT")]
    [InlineData("LAG(x) OVER (ORDER BY x) AS l", "1:21: PARTITION BY, LIMIT DURATION(unit, n), WHEN or ')' was ")]
    [InlineData("LAG(LAG(x) OVER (LIMIT DURATION(day, 1))) OVER (LIMIT DURATION(day, 1)) AS l",
        "1:12: LAG … OVER cannot stand inside a call that looks at earlier events itself")]
    [InlineData("ISFIRST(day) AS l", "1:8: ISFIRST: ISFIRST(unit, n) [OVER ([PARTITION BY x] [WHEN condition])] was ")]
    [InlineData(
        "ISFIRST(day, 1) OVER (LIMIT DURATION(day, 1)) AS l",
        "1:36: ISFIRST takes no LIMIT DURATION: ISFIRST(")]
    [InlineData(
        "LEN(x) OVER (LIMIT DURATION(day, 1)) AS l",
        "1:15: LEN takes no OVER with LIMIT DURATION: SUM, AVG, MIN, MAX and COUNT do")]
    [InlineData("STDEV(x) OVER (LIMIT DURATION(day, 1)) AS l", "1:17: STDEV takes no OVER with LIMIT DURATION: SUM")]
    [InlineData("SUM(x) OVER (PARTITION BY k) AS l", "1:8: SUM: OVER ([PARTITION BY x] LIMIT DURATION(unit, n) ")]
    public void Mistakes_have_their_places(string column, string expected) => Assert.StartsWith(
        expected, Assert.Single(QueryCompiler.Compile($"SELECT {column} FROM input", Run.Options()).Errors).ToString());

    private static IEnumerable<string> Column(params string[] values) => values.Select(v => $"{{\"x\":{v}}}");
}
