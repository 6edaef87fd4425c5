using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

public sealed class TumblingWindowTests
{
    private const string Count = "SELECT id, COUNT(*) AS n, System.Timestamp() AS t FROM input "
        + "GROUP BY id, TumblingWindow(second, 10)";

    [Fact]
    public void A_window_has_its_end_but_not_its_start()
    {
        var run = new Run(Count).Event("""{"id":"a"}""", 0).Event("""{"id":"a"}""", 0.0000001)
            .Event("""{"id":"a"}""", 10).Event("""{"id":"a"}""", 10.0000001).Watermark(100);
        Assert.Equal(
            [
                """{"id":"a","n":1,"t":"2026-01-01T00:00:00Z"}""",
                """{"id":"a","n":2,"t":"2026-01-01T00:00:10Z"}""",
                """{"id":"a","n":1,"t":"2026-01-01T00:00:20Z"}""",
            ],
            run.Output.Values);
        Assert.Equal([Run.Second(0), Run.Second(10), Run.Second(20)], run.Output.Times);
    }

    [Fact]
    public void A_window_closes_when_the_watermark_exceeds_its_end()
    {
        var run = new Run(Count).Event("""{"id":"a"}""", 5).Watermark(10);
        Assert.Empty(run.Output.Values);
        run.Event("""{"id":"a"}""", 10).Watermark(10.0000001);
        Assert.Equal("""{"id":"a","n":2,"t":"2026-01-01T00:00:10Z"}""", Assert.Single(run.Output.Values));
    }

    [Fact]
    public void Lateness_keeps_a_window_open_longer()
    {
        var run = new Run(Count, TimeSpan.FromSeconds(5)).Event("""{"id":"a"}""", 5).Watermark(15);
        run.Event("""{"id":"a"}""", 6);
        Assert.Empty(run.Output.Values);
        Assert.Empty(run.Output.Late);
        run.Watermark(15.1).Event("""{"id":"b"}""", 7);
        Assert.Equal("""{"id":"a","n":2,"t":"2026-01-01T00:00:10Z"}""", Assert.Single(run.Output.Values));
        Assert.Equal(["""{"id":"b"}"""], run.Output.Late);
    }

    [Fact]
    public void A_late_event_that_WHERE_drops_is_not_late()
    {
        var run = new Run("SELECT COUNT(*) AS n FROM input WHERE x > 0 GROUP BY TumblingWindow(second, 1)")
            .Watermark(50).Event("""{"x":0}""", 5).Event("""{"x":1}""", 5);
        Assert.Equal(["""{"x":1}"""], run.Output.Late);
    }

    [Fact]
    public void Windows_close_by_end_then_by_the_bytes_of_the_group()
    {
        var run = new Run(Count).Event("""{"id":"b"}""", 15).Event("""{"id":"é"}""", 5).Event("""{"id":"b"}""", 5)
            .Event("""{"id":"aa"}""", 5).Event("""{"id":"a"}""", 15).Event("""{"id":10}""", 5).Event("""{"id":9}""", 5)
            .Event("{}", 5).Watermark(100);
        Assert.Equal(
            ["null,", "9,", "10,", "\"aa\",", "\"b\",", "\"é\",", "\"a\",", "\"b\","],
            run.Output.Values.Select(v => v[6..(v.IndexOf(',', StringComparison.Ordinal) + 1)]));
    }

    [Fact]
    public void A_whole_float_and_its_bigint_are_one_group()
    {
        var run = new Run(Count).Event("""{"id":1}""", 1).Event("""{"id":1.0}""", 1).Event("""{"id":"1"}""", 1)
            .Watermark(99);
        Assert.Equal(2, run.Output.Values.Count);
        Assert.StartsWith("""{"id":1,"n":2,""", run.Output.Values[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Results_without_a_key_of_their_own_have_that_of_the_first_event_of_the_group()
    {
        var run = new Run(Count).Event("""{"id":"a"}""", 1, "x").Event("""{"id":"a"}""", 2, "y")
            .Event("""{"id":"b"}""", 1, "z").Watermark(99);
        Assert.Equal(["x", "z"], run.Output.Keys);
    }

    [Fact]
    public void The_key_can_be_a_column()
    {
        var run = new Run(Count, key: "id").Event("""{"id":"a"}""", 1).Event("""{"id":null}""", 1, "z").Watermark(99);
        Assert.Equal(["a"], run.Output.Keys);
        Assert.Equal("the result's key 'id' is missing, NULL, a record or an array", Assert.Single(run.Output.Reasons));
        Assert.Equal("""{"windowEnd":"2026-01-01T00:00:10Z","group":[null]}""", Assert.Single(run.Output.Rejected));
    }

    [Fact]
    public void HAVING_chooses_results()
    {
        var run = new Run("SELECT id, COUNT(*) AS n FROM input "
            + "GROUP BY id, TumblingWindow(second, 10) HAVING COUNT(*) > 1")
            .Event("""{"id":"a"}""", 1).Event("""{"id":"b"}""", 1).Event("""{"id":"b"}""", 1).Watermark(99);
        Assert.Equal(["""{"id":"b","n":2}"""], run.Output.Values);
    }

    [Fact]
    public void Days_begin_at_midnight_UTC()
    {
        var run = new Run("SELECT COUNT(*) AS n, System.Timestamp() AS t FROM input GROUP BY TumblingWindow(day, 1)")
            .Event("{}", 1).Watermark(1e7);
        Assert.Equal(["""{"n":1,"t":"2026-01-02T00:00:00Z"}"""], run.Output.Values);
    }

    [Fact]
    public void A_long_form_and_an_offset_are_read()
    {
        var run = new Run("SELECT COUNT(*) AS n, System.Timestamp() AS t FROM input "
            + "GROUP BY TumblingWindow(Duration(second, 10), Offset(second, 3))").Event("{}", 2).Event("{}", 3)
            .Event("{}", 4).Watermark(1e7);
        Assert.Equal(
            ["""{"n":2,"t":"2026-01-01T00:00:03Z"}""", """{"n":1,"t":"2026-01-01T00:00:13Z"}"""], run.Output.Values);
    }

    [Fact]
    public void A_rejected_event_is_counted_nowhere()
    {
        var run = new Run("SELECT COUNT(*) AS n, SUM(x) AS s FROM input GROUP BY TumblingWindow(second, 10)")
            .Event("""{"x":9223372036854775807}""", 1).Event("""{"x":1}""", 1).Event("""{"x":"one"}""", 1)
            .Event("""{"x":-7}""", 1).Watermark(99);
        Assert.Equal(["""{"n":2,"s":9223372036854775800}"""], run.Output.Values);
        Assert.Equal(
            [
                "SUM: 9223372036854775807 + 1 does not fit bigint",
                "SUM: a number was expected, 'one' is nvarchar(max)",
            ],
            run.Output.Reasons);
    }

    [Fact]
    public void Expressions_over_groups_and_aggregates_are_computed_at_the_end()
    {
        var run = new Run("SELECT UPPER(id) AS u, MAX(x) - MIN(x) AS spread, "
            + "CASE WHEN COUNT(*) > 2 THEN 'many' ELSE 'few' END AS c "
            + "FROM input GROUP BY UPPER(id), TumblingWindow(minute, 1)")
            .Event("""{"id":"a","x":3}""", 1).Event("""{"id":"A","x":10}""", 1).Watermark(99);
        Assert.Equal(["""{"u":"A","spread":7,"c":"few"}"""], run.Output.Values);
    }
}
