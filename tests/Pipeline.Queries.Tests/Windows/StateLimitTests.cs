using Pipeline.Kernel.Stages;
using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

public sealed class StateLimitTests
{
    private const long Limit = 4 << 20;
    private const string Text = "CAST(v AS nvarchar(max))";

    [Theory]
    [InlineData("COUNT(*)", "TumblingWindow(hour, 1)")]
    [InlineData("MAX(CAST(v AS nvarchar(max)))", "TumblingWindow(hour, 1)")]
    [InlineData("COUNT(DISTINCT v)", "HoppingWindow(minute, 60, 1)")]
    public void State_that_grows_beyond_its_limit_stops_the_operator_while_it_grows(string aggregate, string window)
    {
        var run = new Run($"SELECT k, {aggregate} AS x FROM input GROUP BY k, {window}");
        run.Operator.Limit(Limit);
        var error = Assert.Throws<StateLimitException>(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                run.Event($"{{\"k\":{i},\"v\":\"{i}{new string('v', 500)}\"}}", 1);
                Assert.InRange(run.Operator.StateBytes, 0, Limit);
            }
        });
        Assert.Contains("more than the 4194304 that an instance may have (Pipeline:Stages:StateBytes)", error.Message);
        Assert.InRange(run.Operator.StateBytes, Limit, Limit * 2);
    }

    [Fact]
    public void One_event_in_many_windows_does_not_pass_the_limit_by_much()
    {
        var run = new Run($"SELECT MAX({Text}) AS x FROM input GROUP BY HoppingWindow(second, 3600, 1)");
        run.Operator.Limit(Limit);
        var json = $"{{\"v\":\"{new string('v', 900_000)}\"}}";
        Assert.Throws<StateLimitException>(() => run.Event(json, 1));
        Assert.InRange(run.Operator.StateBytes, Limit, Limit + (2 << 20));
    }

    [Fact]
    public void A_saved_state_beyond_the_limit_is_not_loaded()
    {
        var run = new Run($"SELECT k, MAX({Text}) AS x FROM input GROUP BY k, TumblingWindow(hour, 1)");
        for (var i = 0; i < 50; i++)
        {
            run.Event($"{{\"k\":{i},\"v\":\"{new string('v', 200_000)}\"}}", 1);
        }

        var other = run.Query.CreateOperator();
        other.Limit(Limit);
        Assert.Throws<StateLimitException>(() => other.Load(run.Save()));
        Assert.InRange(run.Operator.StateBytes, 10_000_000, 11_000_000);
        run.Watermark(10_000);
        Assert.Equal(0, run.Operator.StateBytes);
    }

    [Fact]
    public void State_takes_as_much_after_a_restart_as_before()
    {
        var run = new Run(
            "SELECT k, MIN(CAST(v AS nvarchar(max))) AS x, COUNT(DISTINCT v) AS d FROM input GROUP BY k, "
                + "TumblingWindow(hour, 1)");
        for (var i = 0; i < 1000; i++)
        {
            run.Event($"{{\"k\":{i % 50},\"v\":\"{new string('v', 1000 - i)}\"}}", 1);
        }

        var before = run.Operator.StateBytes;
        Assert.InRange(before, run.Save().Length, run.Save().Length * 8);
        Assert.InRange(run.Restart().Operator.StateBytes, before / 2, before * 2);
    }
}
