using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

public sealed class HoppingWindowTests
{
    private const string Count = "SELECT COUNT(*) AS n, System.Timestamp() AS t FROM input GROUP BY "
        + "HoppingWindow(second, 10, 5)";

    [Fact]
    public void An_event_counts_in_every_window_that_holds_it()
    {
        var run = new Run(Count).Event("{}", 5).Event("{}", 6).Event("{}", 10.5).Watermark(100);
        Assert.Equal(
            [
                """{"n":1,"t":"2026-01-01T00:00:05Z"}""",
                """{"n":2,"t":"2026-01-01T00:00:10Z"}""",
                """{"n":2,"t":"2026-01-01T00:00:15Z"}""",
                """{"n":1,"t":"2026-01-01T00:00:20Z"}""",
            ],
            run.Output.Values);
    }

    [Fact]
    public void A_late_event_is_counted_in_the_open_windows_and_reported_once()
    {
        var run = new Run(Count).Event("{}", 6).Watermark(11).Event("""{"late":1}""", 7).Watermark(100);
        Assert.Equal(
            ["""{"n":1,"t":"2026-01-01T00:00:10Z"}""", """{"n":2,"t":"2026-01-01T00:00:15Z"}"""], run.Output.Values);
        Assert.Equal(["""{"late":1}"""], run.Output.Late);
    }

    [Fact]
    public void An_event_that_came_too_late_for_all_windows_is_only_reported()
    {
        var run = new Run(Count).Watermark(50).Event("""{"late":1}""", 7).Watermark(100);
        Assert.Empty(run.Output.Values);
        Assert.Equal(["""{"late":1}"""], run.Output.Late);
    }

    [Fact]
    public void A_rejected_event_is_not_reported_late_too()
    {
        var run = new Run("SELECT SUM(x) AS s FROM input GROUP BY HoppingWindow(second, 10, 5)")
            .Watermark(11).Event("""{"x":"y"}""", 7);
        Assert.Empty(run.Output.Late);
        Assert.Single(run.Output.Rejected);
    }

    [Fact]
    public void A_sum_that_overflows_in_one_window_counts_in_none()
    {
        var run = new Run("SELECT SUM(x) AS s, System.Timestamp() AS t FROM input "
            + "GROUP BY HoppingWindow(second, 10, 5)")
            .Event("""{"x":9223372036854775807}""", 6).Event("""{"x":1}""", 11).Event("""{"x":2}""", 18).Watermark(100);
        Assert.Equal(
            [
                """{"s":9223372036854775807,"t":"2026-01-01T00:00:10Z"}""",
                """{"s":9223372036854775807,"t":"2026-01-01T00:00:15Z"}""",
                """{"s":2,"t":"2026-01-01T00:00:20Z"}""",
                """{"s":2,"t":"2026-01-01T00:00:25Z"}""",
            ],
            run.Output.Values);
        Assert.Equal(["""{"x":1}"""], run.Output.Rejected);
    }

    [Fact]
    public void A_size_need_not_be_a_multiple_of_the_hop()
    {
        var run = new Run("SELECT COUNT(*) AS n, System.Timestamp() AS t FROM input GROUP BY "
            + "HoppingWindow(Duration(second, 7), Hop(second, 5))").Event("{}", 4).Event("{}", 9).Watermark(100);
        Assert.Equal(
            ["""{"n":1,"t":"2026-01-01T00:00:05Z"}""", """{"n":2,"t":"2026-01-01T00:00:10Z"}"""],
            run.Output.Values.Take(2));
        Assert.Equal("""{"n":1,"t":"2026-01-01T00:00:15Z"}""", run.Output.Values[2]);
    }
}
