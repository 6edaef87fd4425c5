using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

/// <summary>Snapshot windows, short names, sizes with a fraction, several windows at once.</summary>
public sealed class WindowKindTests
{
    [Fact]
    public void A_snapshot_has_the_events_of_one_time()
    {
        var run = new Run("SELECT k, COUNT(*) AS n, System.Timestamp() AS t FROM input GROUP BY k, System.Timestamp")
            .Event("""{"k":1}""", 1).Event("""{"k":1}""", 1).Event("""{"k":2}""", 1).Event("""{"k":1}""", 1.5)
            .Restart().Watermark(1.5);
        Assert.Equal(
            [
                """{"k":1,"n":2,"t":"2026-01-01T00:00:01Z"}""",
                """{"k":2,"n":1,"t":"2026-01-01T00:00:01Z"}""",
            ],
            run.Output.Values);
        run.Event("""{"k":1}""", 1.5).Event("""{"k":9}""", 1).Watermark(2);
        Assert.Equal("""{"k":1,"n":2,"t":"2026-01-01T00:00:01.500Z"}""", run.Output.Values[^1]);
        Assert.Equal(["""{"k":9}"""], run.Output.Late);
    }

    [Fact]
    public void Beside_a_window_System_Timestamp_is_a_value_to_group_by_with_brackets_or_without()
    {
        var run = new Run("SELECT System.Timestamp() AS p, System.Timestamp AS q, COUNT(*) AS n FROM input "
                + "GROUP BY System.Timestamp(), Tumbling(minute, 1)")
            .Event("{}", 1).Event("{}", 2).Event("{}", 2).Watermark(1000);
        Assert.Equal(
            [
                """{"p":"2026-01-01T00:00:01Z","q":"2026-01-01T00:00:01Z","n":1}""",
                """{"p":"2026-01-01T00:00:02Z","q":"2026-01-01T00:00:02Z","n":2}""",
            ],
            run.Output.Values);
        Assert.Equal([Run.Second(60), Run.Second(60)], run.Output.Times);
    }

    [Fact]
    public void System_Timestamp_without_brackets_is_the_windows_end_over_known_columns_too()
    {
        var run = new Run("SELECT deviceId, COUNT(*) AS c, System.Timestamp AS w FROM known TIMESTAMP BY ts "
                + "GROUP BY deviceId, TumblingWindow(minute, 1)")
            .Event("""{"deviceId":"a"}""", 1).Watermark(1000);
        Assert.Equal(["""{"deviceId":"a","c":1,"w":"2026-01-01T00:01:00Z"}"""], run.Output.Values);
    }

    [Theory]
    [InlineData("Tumbling(second, 1.5)", 1.5)]
    [InlineData("TumblingWindow(Duration(minute, 0.025))", 1.5)]
    [InlineData("Tumbling(ms, 1.5e3)", 1.5)]
    [InlineData("Hopping(second, 1.5, 1.5)", 1.5)]
    [InlineData("HoppingWindow(Duration(second, 0.5), Hop(second, 0.5), Offset(second, -0.25))", 1.25)]
    public void Windows_have_short_names_and_sizes_with_a_fraction(string window, double end)
    {
        var run = new Run($"SELECT COUNT(*) AS n FROM input GROUP BY {window}").Event("{}", 1.2).Watermark(1000);
        Assert.Equal([Run.Second(end)], run.Output.Times);
    }

    [Fact]
    public void Several_windows_are_computed_at_once_and_told_apart_by_their_identities()
    {
        var run = new Run("SELECT System.Window().Id, k, COUNT(*) AS n FROM input GROUP BY k, Windows("
                + "Window('long', Tumbling(second, 20)), Window('short', Hopping(second, 10, 5)), "
                + "Window('now', System.Timestamp())) HAVING System.Window().Id <> 'now' OR COUNT(*) > 1")
            .Event("""{"k":1}""", 3).Event("""{"k":1}""", 3).Event("""{"k":1}""", 12).Restart().Watermark(1000);
        Assert.Equal(
            [
                """{"Id":"now","k":1,"n":2}""",
                """{"Id":"short","k":1,"n":2}""",
                """{"Id":"short","k":1,"n":2}""",
                """{"Id":"short","k":1,"n":1}""",
                """{"Id":"long","k":1,"n":3}""",
                """{"Id":"short","k":1,"n":1}""",
            ],
            run.Output.Values);
        Assert.Equal([3, 5, 10, 15, 20, 20], run.Output.Times.Select(t => (t - Run.Second(0)) / 10_000_000));
    }

    [Fact]
    public void Without_identities_they_are_NULL()
    {
        const string Columns = "System.Window().Id, System.Window() AS w";
        string[] expected = ["""{"Id":null,"w":{"Id":null}}"""];
        Assert.Equal(expected, new Run($"SELECT {Columns} FROM input GROUP BY Windows(Tumbling(second, 1))")
            .Event("{}", 1).Watermark(10).Output.Values);
        Assert.Equal(expected, new Run($"SELECT {Columns} FROM input GROUP BY Tumbling(second, 1)")
            .Event("{}", 1).Watermark(10).Output.Values);
    }

    [Fact]
    public void An_event_that_one_of_several_windows_is_closed_for_counts_in_the_others_and_is_late_once()
    {
        var run = new Run("SELECT System.Window().Id, COUNT(*) AS n FROM input GROUP BY "
                + "Windows(Window('a', Tumbling(second, 5)), Window('b', Tumbling(second, 60)))")
            .Watermark(20).Event("""{"x":1}""", 3).Watermark(1000);
        Assert.Equal(["""{"x":1}"""], run.Output.Late);
        Assert.Equal(["""{"Id":"b","n":1}"""], run.Output.Values);
    }

    [Fact]
    public void A_result_of_one_of_several_windows_that_cannot_be_computed_names_it()
    {
        var run = new Run("SELECT 1 / (COUNT(*) - 1) AS v FROM input GROUP BY k, "
                + "Windows(Window('a', Tumbling(second, 5)), Window('b', Tumbling(second, 60)))")
            .Event("""{"k":1}""", 1).Event("""{"k":1}""", 6).Watermark(1000);
        Assert.Equal(["""{"v":1}"""], run.Output.Values);
        Assert.Equal(
            [
                """{"windowEnd":"2026-01-01T00:00:05Z","window":"a","group":[1]}""",
                """{"windowEnd":"2026-01-01T00:00:10Z","window":"a","group":[1]}""",
            ],
            run.Output.Rejected);
    }

    [Fact]
    public void HAVING_may_name_a_column_of_SELECT()
    {
        var run = new Run("SELECT k, COUNT(*) AS [Count] FROM input GROUP BY k, Tumbling(second, 5) HAVING [Count] > 1")
            .Event("""{"k":1}""", 1).Event("""{"k":2}""", 1).Event("""{"k":2}""", 2).Watermark(1000);
        Assert.Equal(["""{"k":2,"Count":2}"""], run.Output.Values);
        Assert.Single(new Run("SELECT COUNT(*) AS n FROM known GROUP BY Tumbling(second, 5) HAVING N = 1")
            .Event("{}", 1).Watermark(1000).Output.Values);
    }

    [Theory]
    [InlineData("\"10\"", "10.0")]
    [InlineData("\"2026-01-02\"", "\"2026-01-02T00:00:00Z\"")]
    public void An_extreme_saved_when_texts_were_compared_is_read_as_what_it_shows(string value, string expected)
    {
        var text = new Run("SELECT MAX(CAST(x AS nvarchar(max))) AS m FROM input GROUP BY Tumbling(second, 5)");
        var state = text.Event($"{{\"x\":{value}}}", 1).Save();
        var run = new Run("SELECT MAX(x) AS m FROM input GROUP BY Tumbling(second, 5)");
        run.Operator.Load(state);
        Assert.Equal([$"{{\"m\":{expected}}}"], run.Watermark(1000).Output.Values);
    }

    [Fact]
    public void A_state_saved_when_there_was_one_window_only_is_read()
    {
        var run = new Run("SELECT COUNT(*) AS n FROM input GROUP BY Tumbling(second, 5)").Event("{}", 1);
        var state = run.Save().ToList();
        // Version, watermark, one aggregate, its kind, the number of windows; then an end, and since version 2 a place.
        const int Place = 1 + 8 + 4 + 1 + 4 + 8;
        Assert.Equal(2, state[0]);
        state[0] = 1;
        state.RemoveRange(Place, 4);
        var later = new Run("SELECT COUNT(*) AS n FROM input GROUP BY Tumbling(second, 5)");
        later.Operator.Load([.. state]);
        Assert.Equal(["""{"n":2}"""], later.Event("{}", 2).Watermark(1000).Output.Values);
    }
}
