using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Joins;

/// <summary>JOIN and LEFT JOIN of two streams.</summary>
public sealed class JoinTests
{
    private const string Toll =
        """
        SELECT I1.TollId, I1.EntryTime, I2.ExitTime, I1.LicensePlate,
            DATEDIFF(minute, I1.EntryTime, I2.ExitTime) AS DurationInMinutes
        FROM a I1 TIMESTAMP BY EntryTime
        JOIN b I2 TIMESTAMP BY ExitTime
        ON I1.TollId = I2.TollId AND I1.LicensePlate = I2.LicensePlate
        AND DATEDIFF(minute, I1, I2) BETWEEN 0 AND 15
        """;

    /// <summary>As on the page of JOIN in the dialect's reference.</summary>
    [Fact]
    public void The_references_toll_booths()
    {
        var run = new JoinRun(Toll);
        run.A("""{"TollId":1,"EntryTime":"2026-01-01T00:00:10Z","LicensePlate":"JNB 7001"}""", 10);
        run.A("""{"TollId":2,"EntryTime":"2026-01-01T00:00:20Z","LicensePlate":"YXZ 1001"}""", 20);
        run.B("""{"TollId":2,"ExitTime":"2026-01-01T00:03:20Z","LicensePlate":"YXZ 1001"}""", 200);
        run.B("""{"TollId":1,"ExitTime":"2026-01-01T00:04:10Z","LicensePlate":"ABC 1004"}""", 250);
        run.B("""{"TollId":1,"ExitTime":"2026-01-01T00:15:59Z","LicensePlate":"JNB 7001"}""", 959);
        run.B("""{"TollId":1,"ExitTime":"2026-01-01T00:16:00Z","LicensePlate":"JNB 7001"}""", 960);

        Assert.Equal(
            [
                """{"TollId":2,"EntryTime":"2026-01-01T00:00:20Z","ExitTime":"2026-01-01T00:03:20Z","""
                    + "\"LicensePlate\":\"YXZ 1001\",\"DurationInMinutes\":3}",
                """{"TollId":1,"EntryTime":"2026-01-01T00:00:10Z","ExitTime":"2026-01-01T00:15:59Z","""
                    + "\"LicensePlate\":\"JNB 7001\",\"DurationInMinutes\":15}",
            ],
            run.Output.Values);
        Assert.Equal([Run.Second(200), Run.Second(959)], run.Output.Times);
        Assert.Equal(["2", "1"], run.Output.Keys);
    }

    [Fact]
    public void A_left_join_puts_out_what_met_nothing_when_nothing_can_meet_it_any_more()
    {
        var run = new JoinRun(
            "SELECT a.id, b.x FROM a LEFT OUTER JOIN b ON a.id = b.id AND DATEDIFF(second, a, b) BETWEEN 0 AND 10");
        run.A("""{"id":"one"}""", 0.5).A("""{"id":"two"}""", 1).A("""{"id":null}""", 1).A("{}", 2);
        Assert.Equal(["""{"id":null,"x":null}""", """{"id":null,"x":null}"""], run.Output.Values);
        run.B("""{"id":"two","x":2}""", 3).Watermark(10.9);
        Assert.Equal(3, run.Output.Values.Count);
        run.Watermark(11);
        Assert.Equal("""{"id":"one","x":null}""", run.Output.Values[^1]);
        Assert.Equal((Run.Second(11), "one"), (run.Output.Times[^1], run.Output.Keys[^1]));
        run.Watermark(100);
        Assert.Equal(4, run.Output.Values.Count);
    }

    [Theory]
    [InlineData("SELECT * FROM a JOIN b ON a.k = b.k", """{"a":{"k":1,"x":5},"b":{"k":1,"y":7}}""")]
    [InlineData("SELECT a.*, b.y FROM a JOIN b ON a.k = b.k", """{"k":1,"x":5,"y":7}""")]
    [InlineData("SELECT l.*, r.* FROM a AS l INNER JOIN b r ON l.k = r.k", """{"k":1,"x":5,"y":7}""")]
    [InlineData("SELECT A.X + B.Y AS s FROM a JOIN b ON 2 * a.k = b.k + 1", """{"s":12}""")]
    [InlineData("SELECT a.x, b.y FROM a JOIN b ON a.x < b.y AND a.k = b.k", """{"x":5,"y":7}""")]
    [InlineData("SELECT a.x FROM a JOIN b ON a.k = b.k AND (a.x > b.y OR b.y = 7)", """{"x":5}""")]
    [InlineData("SELECT l.x, r.x AS other FROM a l JOIN a r ON l.k = r.k", """{"x":5,"other":null}""")]
    [InlineData("SELECT System.Timestamp() AS t FROM a JOIN b ON a.k = b.k", """{"t":"2026-01-01T00:00:02Z"}""")]
    [InlineData("SELECT b AS r FROM a JOIN b ON a.k = b.k", """{"r":{"k":1,"y":7}}""")]
    [InlineData("SELECT a.x FROM a JOIN b ON a.k = b.k AND a.x = 5", """{"x":5}""")]
    [InlineData("SELECT a.x FROM a JOIN b ON CAST(a.k AS nvarchar(max)) = CAST(b.k AS nvarchar(max))", """{"x":5}""")]
    [InlineData("SELECT a.x FROM a PARTITION BY k JOIN b PARTITION BY k ON a.k = b.k", """{"x":5}""")]
    public void Rows_have_both_sides_fields_under_the_sides_names(string query, string expected)
    {
        var names = query.Contains("a l ") || query.Contains("AS l") ? "l, r" : "a, b";
        var run = new JoinRun($"{query} AND DATEDIFF(second, {names}) BETWEEN -5 AND 5");
        run.A("""{"k":1,"x":5}""", 1).B("""{"k":1,"y":7}""", 2).B("""{"k":2,"y":7}""", 2);
        Assert.Equal([expected], run.Output.Values);
        Assert.Empty(run.Output.Reasons);
    }

    [Theory]
    [InlineData("DATEDIFF(second, a, b) = 2", "2")]
    [InlineData("DATEDIFF(second, b, a) BETWEEN -3 AND -2", "2 3")]
    [InlineData("DATEDIFF(second, a, b) >= 0 AND DATEDIFF(second, a, b) < 2", "0 1")]
    [InlineData("DATEDIFF(second, a, b) > 0 AND 3 > DATEDIFF(ss, a, b)", "1 2")]
    [InlineData("DATEDIFF(minute, a, b) = 0 AND DATEDIFF(second, a, b) <= -1", "-2 -1")]
    [InlineData("DATEDIFF(millisecond, a, b) BETWEEN -1000 AND +500", "-1 0")]
    [InlineData("DATEDIFF(day, a, b) BETWEEN 0 AND 7", "-2 -1 0 1 2 3")]
    public void Times_lie_apart_as_ON_says(string bound, string expected)
    {
        var run = new JoinRun($"SELECT b.n FROM a JOIN b ON {bound}");
        run.A("{}", 30.25);
        for (var n = -2; n <= 3; n++)
        {
            run.B($"{{\"n\":{n}}}", 30.25 + n);
        }

        Assert.Equal(expected.Split(' ').Select(static n => $"{{\"n\":{n}}}"), run.Output.Values);
        Assert.Equal([], run.Query.Gathers);
        Assert.All(run.Rows.Keys, static key => Assert.Equal("", key));
    }

    [Fact]
    public void What_is_behind_the_join_reads_its_rows()
    {
        var run = new JoinRun(
            "SELECT a.k, COUNT(*) AS n, SUM(b.y) AS s FROM a JOIN b ON a.k = b.k AND DATEDIFF(second, a, b) = 0 "
                + "WHERE b.y > 1 GROUP BY a.k, TumblingWindow(second, 10)");
        Assert.Equal(["on"], run.Query.Gathers);
        run.A("""{"k":1}""", 1).B("""{"k":1,"y":1}""", 1).B("""{"k":1,"y":2}""", 1).B("""{"k":1.0,"y":3}""", 1.5)
            .Restart().Watermark(10.5);
        Assert.Equal(["""{"k":1,"n":2,"s":5}"""], run.Output.Values);

        Assert.Equal([], JoinRun.Compile(
            "SELECT a.x, COUNT(*) AS n FROM a JOIN b ON a.k = b.k AND DATEDIFF(second, a, b) = 0 "
                + "GROUP BY a.x, TumblingWindow(second, 10)").Gathers);
        Assert.Equal([], JoinRun.Compile(
            "SELECT b.k, COUNT(*) AS n FROM a LEFT JOIN b ON a.k = b.k AND DATEDIFF(second, a, b) = 0 "
                + "GROUP BY b.k, TumblingWindow(second, 10)").Gathers);
    }

    [Fact]
    public void What_cannot_be_computed_is_a_dead_letter_of_the_event_or_of_the_row()
    {
        var run = new JoinRun(
            "SELECT 1 / a.x AS y FROM a LEFT JOIN b ON CAST(a.k AS bigint) = b.k AND DATEDIFF(second, a, b) = 0");
        run.A("""{"k":"no"}""", 1);
        Assert.Equal(["""{"k":"no"}"""], run.Rows.Rejected);
        run.A("""{"k":"1","x":0}""", 1).A("""{"k":"1","x":1}""", 1).B("""{"k":1}""", 1);
        Assert.Equal(["""{"b":{"k":1}}"""], run.Output.Rejected);
        Assert.Equal(["""{"y":1}"""], run.Output.Values);
        run.A("""{"k":"2","x":0}""", 1).Watermark(5);
        Assert.Equal("""{"a":{"k":"2","x":0},"b":null}""", run.Output.Rejected[^1]);
        Assert.Single(run.Output.Values);
    }

    [Fact]
    public void Values_of_other_types_are_not_equal()
    {
        var run = new JoinRun("SELECT a.n FROM a JOIN b ON a.k = b.k AND DATEDIFF(second, a, b) = 0");
        run.A("""{"k":"1","n":1}""", 1).A("""{"k":true,"n":2}""", 1).A("""{"k":1,"n":3}""", 1)
            .A("""{"k":{"x":1},"n":4}""", 1).B("""{"k":1.0}""", 1).B("""{"k":{"x":1}}""", 1);
        Assert.Equal(["""{"n":3}""", """{"n":4}"""], run.Output.Values);
    }

    [Theory]
    [InlineData("a.n", """{"a":{"k":1,"n":2}}""", """{"b":{"k":1,"o":{"x":4}}}""")]
    [InlineData("a.N, b.n", """{"a":{"N":2,"k":1}}""", """{"b":{"k":1,"n":3,"o":{"x":4}}}""")]
    [InlineData("a.*, b.o.y", """{"a":{"k":1, "n":2, "z":null}}""", """{"b":{"k":1,"o":{"x":4}}}""")]
    [InlineData("a.q", """{"a":{"k":1}}""", """{"b":{"k":1,"o":{"x":4}}}""")]
    public void Rows_have_only_what_the_query_reads(string columns, string left, string right)
    {
        var run = new JoinRun(
            $"SELECT {columns} FROM a JOIN b ON a.k = b.k AND b.o.x > 1 AND DATEDIFF(second, a, b) = 0");
        run.A("""{"k":1, "n":2, "z":null}""", 1).B("""{"k":1,"n":3,"o":{"x":4},"z":5}""", 1);
        Assert.Equal([left, right], run.Rows.Values);
        Assert.Single(run.Output.Values);
    }

    [Fact]
    public void An_event_that_meets_too_many_is_refused_before_the_first()
    {
        var run = new JoinRun("SELECT a.n, a.v FROM a JOIN b ON DATEDIFF(second, a, b) = 0");
        var text = new string('v', 1 << 20);
        for (var i = 0; i < 70; i++)
        {
            run.A($"{{\"n\":{i},\"v\":\"{text}\"}}", 1);
        }

        run.B("{}", 1);
        Assert.Empty(run.Output.Values);
        Assert.Equal(["JOIN: the rows of one event take more than 67108864 bytes"], run.Output.Reasons);
    }

    [Theory]
    [InlineData("SELECT a.x FROM a JOIN b ON a.k = b.k", "1:19: ON has to say how far the times of both may lie apart, "
        + "at least and at most: AND DATEDIFF(second, a, b) BETWEEN 0 AND 10")]
    [InlineData("SELECT a.x FROM a JOIN b ON DATEDIFF(second, a, b) < 5", "1:19: ON has to say how far the times of "
        + "both may lie apart, at least and at most: AND DATEDIFF(second, a, b) BETWEEN 0 AND 10")]
    [InlineData("SELECT a.x FROM a JOIN b ON DATEDIFF(second, a, b) BETWEEN 5 AND 4", "1:19: DATEDIFF in ON: no time "
        + "is at least the one and at most the other")]
    [InlineData("SELECT a.x FROM a JOIN b ON DATEDIFF(second, a, b) >= 0 AND DATEDIFF(second, a, b) < 0", "1:19: "
        + "DATEDIFF in ON: no time is at least the one and at most the other")]
    [InlineData("SELECT a.x FROM a JOIN b ON DATEDIFF(day, a, b) = 0 WHERE b.x > 1 CROSS APPLY GetArrayElements(a.l) e",
        "1:67: APPLY belongs behind FROM or TIMESTAMP BY, before WHERE")]
    [InlineData("SELECT a.x FROM a JOIN b ON DATEDIFF(month, a, b) = 0", "1:38: DATEDIFF in ON counts day, hour, "
        + "minute, second, millisecond or microsecond")]
    [InlineData("SELECT a.x FROM a JOIN b ON DATEDIFF(day, a, b) BETWEEN 0 AND 8", "1:63: the times of a JOIN lie at "
        + "most 7 days apart")]
    [InlineData("SELECT a.x FROM a JOIN b ON DATEDIFF(day, a, b) BETWEEN 0 AND a.x", "1:63: a whole number was "
        + "expected: how far the times of a JOIN lie apart is fixed")]
    [InlineData("SELECT a.x FROM a JOIN b ON DATEDIFF(day, a, b)", "1:29: a condition was expected, such as "
        + "DATEDIFF(second, a, b) BETWEEN 0 AND 10")]
    [InlineData("SELECT x FROM a JOIN b ON DATEDIFF(day, a, b) = 0", "1:8: 'x' has no source before it: behind JOIN a "
        + "column is written a.name or b.name")]
    [InlineData("SELECT a.x FROM a JOIN a ON DATEDIFF(day, a, a) = 0", "1:24: a second 'a' in FROM: AS gives one of "
        + "them another name")]
    [InlineData("SELECT [on].x FROM a [on] JOIN b ON DATEDIFF(day, [on], b) = 0", "1:27: no source of a JOIN can be "
        + "named 'on': AS gives it another name")]
    [InlineData("SELECT a.x FROM a JOIN nope ON DATEDIFF(day, a, nope) = 0", "1:24: unknown stream or stage 'nope': a, "
        + "b, known was expected")]
    [InlineData("SELECT a.x FROM a JOIN known k ON a.id = k.idd AND DATEDIFF(day, a, k) = 0", "1:42: unknown column "
        + "'idd': k has id, x")]
    [InlineData("SELECT a.x FROM a JOIN b", "1:25: ON was expected, not the end of the query")]
    [InlineData("SELECT a.x FROM a LEFT b ON DATEDIFF(day, a, b) = 0", "1:24: JOIN was expected, not 'b'")]
    [InlineData("SELECT a.x FROM a RIGHT JOIN b ON DATEDIFF(day, a, b) = 0", "1:19: RIGHT JOIN is not part of the "
        + "language: LEFT JOIN with the sources the other way round is the same")]
    [InlineData("SELECT a.x FROM a JOIN b ON DATEDIFF(day, a, b) = 0 JOIN b c ON DATEDIFF(day, a, c) = 0", "1:53: a "
        + "second JOIN in one FROM: make the first one a step of WITH, and join that")]
    [InlineData("SELECT a.x FROM a CROSS APPLY GetArrayElements(a.l) e JOIN b ON DATEDIFF(day, a, b) = 0", "1:55: JOIN "
        + "and APPLY in one FROM: make one of them a step of WITH")]
    [InlineData("SELECT a.x FROM a JOIN b ON DATEDIFF(day, a, b) = 0 CROSS APPLY GetArrayElements(a.l) e", "1:53: JOIN "
        + "and APPLY in one FROM: make one of them a step of WITH")]
    [InlineData("SELECT a.x FROM a JOIN b ON a.k = b.k OR DATEDIFF(day, a, b) = 0", "1:56: DATEDIFF: datetime was "
        + "expected, this is record")]
    [InlineData("SELECT a.x FROM a JOIN b ON CAST(a.k AS bigint) = CAST(b.k AS nvarchar(max)) AND DATEDIFF(day, a, b) "
        + "= 0", "1:51: bigint never equals nvarchar(max) in ON: CAST says which of them both are")]
    [InlineData("SELECT a.x FROM a CROSS JOIN b", "1:19: CROSS JOIN is for reference data, which is not "
        + "supported yet; two streams are joined by JOIN … ON DATEDIFF(second, a, b) BETWEEN 0 AND 10, which needs no "
        + "columns that are equal")]
    [InlineData("SELECT a.x FROM a, b", "1:18: a second source is read by JOIN … ON, with a bound on the time between "
        + "both")]
    public void Mistakes_are_told_with_what_to_write(string query, string expected) =>
        Assert.Contains(expected, JoinRun.Errors(query));
}
