using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

/// <summary>Session and sliding windows: the reference's examples, and what the models do not look at.</summary>
public sealed class ContentWindowTests
{
    [Fact]
    public void The_references_sessions_of_users() => Assert.Equal(
        [
            """{"user_id":0,"window_start":"2017-01-26T00:00:00Z",""" + """
            "window_end":"2017-01-26T00:02:20Z","duration_in_seconds":140}
            """,
            """{"user_id":1,"window_start":"2017-01-26T00:00:55Z",""" + """
            "window_end":"2017-01-26T00:02:55Z","duration_in_seconds":120}
            """,
        ],
        Pattern.Values(
            """
            SELECT
                user_id,
                MIN(time) AS window_start,
                System.Timestamp() AS window_end,
                DATEDIFF(s, MIN(time), System.Timestamp()) AS duration_in_seconds
            FROM input TIMESTAMP BY time
            GROUP BY user_id, SessionWindow(minute, 2, 60) OVER (PARTITION BY user_id)
            """,
            """
            {"time":"2017-01-26T00:00:00.0000000z","user_id":0,"url":"www.example.com/a.html"}
            {"time":"2017-01-26T00:00:20.0000000z","user_id":0,"url":"www.example.com/b.html"}
            {"time":"2017-01-26T00:00:55.0000000z","user_id":1,"url":"www.example.com/c.html"}
            """));

    [Theory]
    [InlineData("SELECT COUNT(*) AS n FROM input GROUP BY SlidingWindow(second, 10)", "a sliding window holds at most")]
    [InlineData("SELECT COUNT(*) OVER (LIMIT DURATION(second, 10)) AS n FROM input", "COUNT OVER looks at")]
    public void What_is_computed_from_all_events_of_a_while_takes_ten_thousand_of_them(string query, string reason)
    {
        const int Most = 10_000;
        var run = new Run(query);
        for (var i = 0; i < Most + 2; i++)
        {
            run.Event("{}", 1 + (i / 10_000.0));
        }

        run.Watermark(100);
        Assert.Contains($"{{\"n\":{Most}}}", run.Output.Values);
        Assert.DoesNotContain($"{{\"n\":{Most + 1}}}", run.Output.Values);
        Assert.NotEmpty(run.Output.Reasons);
        Assert.All(run.Output.Reasons, said => Assert.Contains(reason, said, StringComparison.Ordinal));
        run.Event("{}", 200).Watermark(300);
        Assert.Equal("{\"n\":1}", run.Output.Values[^1]);
    }

    [Fact]
    public void The_references_toll_booths_that_served_more_than_three_vehicles_in_five_minutes() => Assert.Equal(
        ["{\"WinStartTime\":\"2026-01-01T00:00:00Z\",\"WinEndTime\":\"2026-01-01T00:05:00Z\",\"TollId\":1,\"n\":4}"],
        Pattern.Values(
            """
            SELECT DateAdd(minute,-5,System.Timestamp()) AS WinStartTime, System.Timestamp() AS WinEndTime, TollId,
                COUNT(*) AS n
            FROM input TIMESTAMP BY EntryTime
            GROUP BY TollId, SlidingWindow(minute, 5)
            HAVING COUNT(*) > 3
            """,
            """
            {"TollId":1,"EntryTime":"2026-01-01T00:00:30Z"}
            {"TollId":1,"EntryTime":"2026-01-01T00:01:00Z"}
            {"TollId":2,"EntryTime":"2026-01-01T00:02:00Z"}
            {"TollId":1,"EntryTime":"2026-01-01T00:03:00Z"}
            {"TollId":1,"EntryTime":"2026-01-01T00:05:00Z"}
            """));

    [Fact]
    public void Pattern_maximal_power_of_the_last_three_minutes()
    {
        var values = Pattern.Values(
            """
            SELECT System.TimeStamp() AS windowTime, deviceId, max(value) as maxPower
            FROM input TIMESTAMP BY t
            WHERE sensorName = 'power'
            GROUP BY deviceId, SlidingWindow(minute, 3)
            """,
            string.Join('\n', Enumerable.Range(1, 8).Select(minute =>
                $"{{\"t\":\"2018-01-01T16:0{minute}:00\",\"deviceId\":\"Oven1\",\"sensorName\":\"power\",\"value\":"
                    + $"{(minute < 5 ? 15 : 8)}}}")));
        // What the page's alerts say of 16:05, 16:06 and 16:07: at 16:07 the last event with 15 leaves.
        Assert.Equal(
            [
                "{\"windowTime\":\"2018-01-01T16:05:00Z\",\"deviceId\":\"Oven1\",\"maxPower\":15}",
                "{\"windowTime\":\"2018-01-01T16:06:00Z\",\"deviceId\":\"Oven1\",\"maxPower\":15}",
                "{\"windowTime\":\"2018-01-01T16:07:00Z\",\"deviceId\":\"Oven1\",\"maxPower\":8}",
            ],
            values.Skip(4).Take(3));
        Assert.Equal(10, values.Count);
    }

    [Fact]
    public void A_result_follows_an_event_that_leaves_while_others_are_in_the_window()
    {
        var run = new Run("SELECT COUNT(*) AS n FROM input GROUP BY Sliding(Duration(second, 10))")
            .Event("{}", 1).Event("{}", 4).Event("{}", 11).Event("{}", 11).Restart().Watermark(1000);
        Assert.Equal([1, 2, 3, 2], run.Output.Values.Select(v => v[5] - '0'));
        Assert.Equal([1, 4, 11, 14], run.Output.Times.Select(t => (t - Run.Second(0)) / TimeSpan.TicksPerSecond));
    }

    [Fact]
    public void Sessions_without_a_partition_are_of_all_events_and_grouped_inside()
    {
        var run = new Run("SELECT k, COUNT(*) AS n FROM input GROUP BY k, Session(Timeout(second, 5), "
            + "MaxDuration(minute, 1))")
            .Event("""{"k":1}""", 1, "a").Event("""{"k":2}""", 5, "b").Event("""{"k":1}""", 10, "c")
            .Event("""{"k":1}""", 16).Watermark(1000);
        Assert.Equal(["""{"k":1,"n":2}""", """{"k":2,"n":1}""", """{"k":1,"n":1}"""], run.Output.Values);
        Assert.Equal(["a", "b", "k"], run.Output.Keys);
        Assert.Equal([Run.Second(15), Run.Second(15), Run.Second(21)], run.Output.Times);
    }

    [Fact]
    public void An_event_between_two_sessions_makes_them_one()
    {
        var run = new Run("SELECT COUNT(*) AS n, Collect(x) AS l FROM input GROUP BY Session(second, 5)")
            .Event("""{"x":1}""", 1).Event("""{"x":3}""", 9).Event("""{"x":2}""", 5).Watermark(1000);
        Assert.Equal(["""{"n":3,"l":[1,2,3]}"""], run.Output.Values);
    }

    [Fact]
    public void A_value_no_window_can_take_rejects_its_event_and_a_sum_too_large_its_result()
    {
        const string Most = """{"x":9223372036854775807}""";
        var run = new Run("SELECT SUM(x) AS s FROM input GROUP BY Session(second, 5)")
            .Event("""{"x":[1]}""", 1).Event(Most, 2).Event(Most, 3).Event(Most, 30).Watermark(1000);
        Assert.Equal(["""{"x":[1]}""", """{"windowEnd":"2026-01-01T00:00:08Z","group":[]}"""], run.Output.Rejected);
        Assert.Contains("does not fit bigint", run.Output.Reasons[1], StringComparison.Ordinal);
        Assert.Equal(["""{"s":9223372036854775807}"""], run.Output.Values);
    }

    [Fact]
    public void Closed_windows_take_no_memory()
    {
        var run = new Run("SELECT k, MAX(x) AS m FROM input GROUP BY k, Session(second, 5, 60) OVER (PARTITION BY k)");
        for (var i = 0; i < 20_000; i++)
        {
            run.Event($"{{\"k\":{i},\"x\":{i}}}", i).Watermark(i);
        }

        Assert.Equal(19_994, run.Output.Values.Count);
        Assert.InRange(run.Operator.StateBytes, 1, 300_000);
        Assert.InRange(run.Save().Length, 1, 2_000);
    }

    [Fact]
    public void The_planner_brings_together_what_a_session_is_of()
    {
        Assert.Equal(["k"], Gathers("GROUP BY k, j, Session(day, 1) OVER (PARTITION BY k)"));
        Assert.Empty(Gathers("GROUP BY k, Session(day, 1)"));
        Assert.Equal(["k", "j"], Gathers("GROUP BY k, j, Sliding(day, 1)"));
    }

    [Theory]
    [InlineData("Session(second)", "1:42: Session: Session(unit, timeout [, longest]) or Session(Timeout(unit, n) [, ")]
    [InlineData(
        "Session(second, 1) OVER (LIMIT DURATION(day, 1))",
        "1:42: Session: Session(unit, timeout [, longest]) ")]
    [InlineData(
        "SessionWindow(second, 0)",
        "1:42: SessionWindow: more than nothing and at most 3650 days was expected")]
    [InlineData(
        "Sliding(second, 1, 2)",
        "1:42: Sliding: Sliding(unit, size) or Sliding(Duration(unit, n)) was expected")]
    [InlineData("Windows(Sliding(second, 1))", "1:50: Sliding cannot stand in Windows(…): make it a stage of its own")]
    [InlineData("Sliding(second, 1), Tumbling(second, 1)", "1:62: a second window: GROUP BY takes one, or Windows(…)")]
    public void Mistakes_have_their_places(string window, string expected) => Assert.StartsWith(
        expected,
        Assert.Single(QueryCompiler.Compile($"SELECT COUNT(*) AS n FROM input GROUP BY {window}", Run.Options()).Errors)
            .ToString());

    private static IReadOnlyList<string> Gathers(string groupBy) =>
        Run.Compile($"SELECT COUNT(*) AS n FROM input {groupBy}").Gathers!;
}
