using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

/// <summary>Aggregates that keep events or all values: TopOne, CollectTop, Collect, percentiles.</summary>
public sealed class RankTests
{
    [Theory]
    [InlineData("TopOne() OVER (ORDER BY v DESC)", """{"id":3,"v":9007199254740993,"t":"2026-01-03"}""")]
    [InlineData("TopOne(id) OVER (ORDER BY v)", "5")]
    [InlineData("TopOne(id) OVER (ORDER BY t)", "5")]
    [InlineData("TopOne(id) OVER (ORDER BY t DESC)", "3")]
    [InlineData("TopOne(v + 1) OVER (ORDER BY id)", "1.5")]
    [InlineData("TopOne(t) OVER (ORDER BY id DESC)", "null")]
    [InlineData("CollectTop(2, id) OVER (ORDER BY v DESC)", """[{"rank":1,"value":3},{"rank":2,"value":4}]""")]
    [InlineData("CollectTop(9, v) OVER (ORDER BY v ASC, id DESC)", "[{\"rank\":1,\"value\":null},"
        + "{\"rank\":2,\"value\":0.50},{\"rank\":3,\"value\":0.5},{\"rank\":4,\"value\":9007199254740992.0},"
        + "{\"rank\":5,\"value\":9007199254740993}]")]
    [InlineData("CollectTop(1) OVER (ORDER BY id)", """[{"rank":1,"value":{"id":1,"v":0.5,"t":"2026-01-02"}}]""")]
    [InlineData("Collect(id)", "[1,2,3,4,5]")]
    [InlineData("Collect(v)", "[0.5,0.50,9007199254740993,9007199254740992.0,null]")]
    [InlineData("Collect(UPPER(t))", """["2026-01-02","2026-01-02","2026-01-03","2026-01-01T23:00:00-09:00",null]""")]
    [InlineData("GetArrayLength(Collect())", "5")]
    [InlineData("PERCENTILE_DISC(0.5) OVER (ORDER BY v)", "0.5")]
    [InlineData("PERCENTILE_DISC(1) OVER (ORDER BY v)", "9007199254740993")]
    [InlineData("PERCENTILE_DISC(0) OVER (ORDER BY v DESC)", "9007199254740993")]
    [InlineData("PERCENTILE_CONT(0.5) OVER (ORDER BY id)", "3.0")]
    [InlineData("PERCENTILE_CONT(0.25) OVER (ORDER BY id DESC)", "4.0")]
    [InlineData("PERCENTILE_CONT(0.9) OVER (ORDER BY id)", "4.6")]
    [InlineData("PERCENTILE_CONT(0.5) OVER (ORDER BY missing)", "null")]
    public void Values(string aggregate, string expected)
    {
        var query = $"SELECT {aggregate} AS v FROM input GROUP BY TumblingWindow(minute, 1)";
        string[] events =
        [
            """{"id":1,"v":0.5,"t":"2026-01-02"}""", """{"id":2,"v":0.50,"t":"2026-01-02"}""",
            """{"id":3,"v":9007199254740993,"t":"2026-01-03"}""",
            """{"id":4,"v":9007199254740992.0,"t":"2026-01-01T23:00:00-09:00"}""", """{"id":5}""",
        ];
        var (run, restarted) = (new Run(query), new Run(query));
        foreach (var json in events)
        {
            run.Event(json, 1);
            restarted.Event(json, 1).Restart();
        }

        Assert.Equal([$"{{\"v\":{expected}}}"], run.Watermark(1000).Output.Values);
        Assert.Empty(run.Output.Reasons);
        Assert.Equal(run.Output.All, restarted.Watermark(1000).Output.All);
    }

    [Theory]
    [InlineData("PERCENTILE_CONT(0.95)", "0.988")]
    [InlineData("PERCENTILE_DISC(0.95)", "0.99")]
    public void The_percentiles_of_the_reference_come_out(string percentile, string expected)
    {
        var run = new Run($"SELECT {percentile} OVER (ORDER BY a) AS v FROM input GROUP BY Tumbling(hour, 1)");
        foreach (var value in new[] { 0.98, 0.93, 0.78, 0.99, 0.89 })
        {
            run.Event(System.FormattableString.Invariant($"{{\"a\":{value}}}"), 1);
        }

        Assert.Equal([$"{{\"v\":{expected}}}"], run.Watermark(10_000).Output.Values);
    }

    [Fact]
    public void The_rank_of_a_discrete_percentile_does_not_suffer_from_rounding()
    {
        var run = new Run("SELECT PERCENTILE_DISC(0.07) OVER (ORDER BY a) AS v FROM input GROUP BY Tumbling(hour, 1)");
        for (var i = 1; i <= 100; i++)
        {
            run.Event($"{{\"a\":{i}}}", 1);
        }

        Assert.Equal(["""{"v":7}"""], run.Watermark(10_000).Output.Values);
    }

    [Fact]
    public void What_a_group_keeps_has_a_limit()
    {
        var run = new Run("SELECT g, COUNT(*) AS n, GetArrayLength(Collect(x)) AS c FROM input GROUP BY g, "
            + "Tumbling(hour, 1)");
        var long_ = new string('x', 1_000_000);
        for (var i = 0; i < 18; i++)
        {
            run.Event($"{{\"g\":1,\"x\":\"{long_}\"}}", 1);
        }

        Assert.Equal(2, run.Output.Reasons.Count);
        Assert.Equal("Collect: the values of the group are longer than 16777216 bytes", run.Output.Reasons[0]);
        Assert.True(run.Operator.StateBytes > 16_000_000);
        Assert.Equal(["""{"g":1,"n":16,"c":16}"""], run.Watermark(10_000).Output.Values);
        Assert.Equal(0, run.Operator.StateBytes);
    }
}
