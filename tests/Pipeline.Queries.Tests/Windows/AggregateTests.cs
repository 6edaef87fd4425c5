using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

public sealed class AggregateTests
{
    [Theory]
    [InlineData("COUNT(*)", "4")]
    [InlineData("COUNT(x)", "3")]
    [InlineData("COUNT(DISTINCT x)", "2")]
    [InlineData("COUNT(DISTINCT s)", "3")]
    [InlineData("SUM(x)", "5")]
    [InlineData("SUM(f)", "2.0")]
    [InlineData("SUM(x + f)", "7.5")]
    [InlineData("AVG(x)", "1.6666666666666667")]
    [InlineData("AVG(f)", "0.5")]
    [InlineData("MIN(x)", "1")]
    [InlineData("MAX(f)", "2.5")]
    [InlineData("MIN(CAST(s AS nvarchar(max)))", "\"a\"")]
    [InlineData("MAX(UPPER(s))", "\"É\"")]
    [InlineData("COUNT()", "4")]
    [InlineData("COUNT(ALL x)", "3")]
    [InlineData("SUM(ALL x)", "5")]
    [InlineData("COUNT(input)", "4")]
    [InlineData("COUNT(DISTINCT input)", "4")]
    [InlineData("MAX(d)", "\"2026-01-02T00:00:00Z\"")]
    [InlineData("MAX(CAST(d AS datetime))", "\"2026-01-02T00:00:00Z\"")]
    [InlineData("MAX(System.Timestamp())", "\"2026-01-01T00:00:04Z\"")]
    [InlineData("STDEV(x)", "0.5773502691896257")]
    [InlineData("STDEVP(f)", "1.5811388300841898")]
    [InlineData("VAR(f)", "3.3333333333333335")]
    [InlineData("VARP(f)", "2.5")]
    [InlineData("SUM(z)", "null")]
    [InlineData("AVG(z)", "null")]
    [InlineData("MIN(z)", "null")]
    [InlineData("COUNT(z)", "0")]
    [InlineData("COUNT(DISTINCT z)", "0")]
    [InlineData("SUM(CASE WHEN x = 2 THEN 1 ELSE 0 END)", "2")]
    [InlineData("MAX(x) * 10 + COUNT(*)", "24")]
    [InlineData("ROUND(AVG(x), 2)", "1.67")]
    public void Aggregates_leave_NULLs_out(string expression, string expected)
    {
        var run = new Run($"SELECT {expression} AS v FROM input GROUP BY TumblingWindow(minute, 1)")
            .Event("""{"x":2,"f":-1.5,"s":"b","d":"2026-01-01"}""", 1)
            .Event("""{"x":1,"f":2.5,"s":"a","d":"2026-01-02"}""", 2)
            .Event("""{"x":2,"f":1.5,"s":"é"}""", 3)
            .Event("""{"x":null,"f":-0.5,"s":"a"}""", 4)
            .Restart().Watermark(1000);
        Assert.Empty(run.Output.Reasons);
        Assert.Equal($"{{\"v\":{expected}}}", Assert.Single(run.Output.Values));
    }

    [Fact]
    public void The_mean_of_large_integers_is_exact()
    {
        var run = new Run("SELECT AVG(x) AS v FROM input GROUP BY TumblingWindow(minute, 1)");
        for (var i = 0; i < 10; i++)
        {
            run.Event($"{{\"x\":{long.MaxValue - i}}}", 1);
        }

        run.Event($"{{\"x\":{-long.MaxValue}}}", 1).Watermark(1000);
        // (9 * (2^63 - 1) - 45) / 11 = 7546395302881180201.6…
        Assert.Equal("""{"v":7.546395302881181E+18}""", Assert.Single(run.Output.Values));
    }

    [Fact]
    public void A_sum_of_floats_keeps_the_low_parts()
    {
        var run = new Run("SELECT SUM(x) AS v FROM input GROUP BY TumblingWindow(minute, 1)")
            .Event("""{"x":1e16}""", 1).Event("""{"x":1.0}""", 1).Event("""{"x":-1e16}""", 1).Watermark(1000);
        Assert.Equal("""{"v":1.0}""", Assert.Single(run.Output.Values));
    }

    [Theory]
    [InlineData("SUM(x)", "SUM: a number was expected, 'a' is nvarchar(max)")]
    [InlineData("AVG(x)", "AVG: a number was expected, 'a' is nvarchar(max)")]
    [InlineData("STDEV(x)", "STDEV: a number was expected, 'a' is nvarchar(max)")]
    [InlineData("MIN(x)", "MIN: a number or a datetime was expected, 'a' is nvarchar(max); "
        + "MIN(CAST(… AS nvarchar(max))) compares texts")]
    [InlineData("MAX(x)", "MAX: a number or a datetime was expected, 'a' is nvarchar(max); "
        + "MAX(CAST(… AS nvarchar(max))) compares texts")]
    [InlineData("PERCENTILE_DISC(0.5) OVER (ORDER BY x)",
        "PERCENTILE_DISC: a number was expected, 'a' is nvarchar(max)")]
    [InlineData("TopOne() OVER (ORDER BY x)",
        "ORDER BY: bigint, float or datetime was expected, 'a' is nvarchar(max)")]
    public void A_value_that_does_not_fit_rejects_its_event(string expression, string reason)
    {
        var run = new Run($"SELECT COUNT(*) AS n, {expression} AS v FROM input GROUP BY TumblingWindow(minute, 1)")
            .Event("""{"x":1}""", 1).Event("""{"x":"a"}""", 2).Watermark(1000);
        Assert.Equal(reason, Assert.Single(run.Output.Reasons));
        Assert.StartsWith("""{"n":1,""", Assert.Single(run.Output.Values), StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_cannot_be_computed_is_rejected_with_what_is_known_of_it()
    {
        var run = new Run("SELECT g, 1 / (COUNT(*) - 1) AS v FROM input GROUP BY g, TumblingWindow(minute, 1)")
            .Event("""{"g":"a"}""", 1).Event("""{"g":"b"}""", 1).Event("""{"g":"b"}""", 1).Watermark(1000);
        Assert.Equal(["""{"g":"b","v":1}"""], run.Output.Values);
        Assert.Equal(["1 / 0: division by zero"], run.Output.Reasons);
        Assert.Equal(["""{"windowEnd":"2026-01-01T00:01:00Z","group":["a"]}"""], run.Output.Rejected);
    }

    [Fact]
    public void The_same_aggregate_twice_is_computed_once_and_means_the_same()
    {
        var run = new Run("SELECT COUNT(*) AS a, count( * ) AS b, SUM(input.x) AS c, Sum(x) AS d FROM input "
            + "GROUP BY TumblingWindow(minute, 1) HAVING COUNT(*) = 1").Event("""{"x":3}""", 1).Watermark(1000);
        Assert.Equal(["""{"a":1,"b":1,"c":3,"d":3}"""], run.Output.Values);
    }
}
