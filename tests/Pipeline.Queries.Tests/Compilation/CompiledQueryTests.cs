using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Compilation;

public sealed class CompiledQueryTests
{
    [Fact]
    public void It_says_what_the_planner_asks()
    {
        var query = Run.Compile(
            "SELECT r.deviceId AS id, a.b, COUNT(*), System.Timestamp() "
            + "INTO [my out] FROM Input AS r TIMESTAMP BY r.t.x "
            + "WHERE r.x > 1 GROUP BY deviceId, a.b, YEAR(t), TumblingWindow(second, 10)");
        Assert.Equal("input", query.Source);
        Assert.Equal("my out", query.Into);
        Assert.Equal("t.x", query.TimestampPath);
        Assert.Equal(["deviceId", "a.b"], query.GroupBy);
        Assert.Equal(["id", "b", "count", "timestamp"], query.Columns);
        Assert.Equal("deviceId", query.SourceOf("id"));
        Assert.Equal("a.b", query.SourceOf("b"));
        Assert.Null(query.SourceOf("count"));
        Assert.Null(query.SourceOf("other"));
    }

    [Fact]
    public void Without_GROUP_BY_it_has_none()
    {
        var query = Run.Compile("SELECT a.b AS c, UPPER(d) AS d, e FROM [pipe].[stage-1]");
        Assert.Equal("pipe.stage-1", query.Source);
        Assert.Null(query.GroupBy);
        Assert.Null(query.Timestamp);
        Assert.Null(query.TimestampPath);
        Assert.Equal("a.b.x", query.SourceOf("c.x"));
        Assert.Equal("e", query.SourceOf("E"));
        Assert.Null(query.SourceOf("d"));
    }

    [Fact]
    public void A_star_repeats_every_path()
    {
        var query = Run.Compile("SELECT *, 1 AS one FROM input");
        Assert.Null(query.Columns);
        Assert.Equal("a.b", query.SourceOf("a.b"));
        Assert.Null(query.SourceOf("one"));
        var known = Run.Compile("SELECT *, 1 AS one FROM known");
        Assert.Equal(["deviceId", "temperature", "ts", "one"], known.Columns);
        Assert.Equal("ts", known.SourceOf("ts"));
        Assert.Null(known.SourceOf("other"));
    }

    [Fact]
    public void Known_columns_are_found_in_any_case()
    {
        var run = new Run("SELECT DEVICEID, known.Temperature FROM known")
            .Event("""{"deviceId":"a","temperature":1}""");
        Assert.Equal(["""{"DEVICEID":"a","Temperature":1}"""], run.Output.Values);
    }

    [Fact]
    public void Comments_quotes_and_any_case_are_read()
    {
        var run = new Run("select -- a comment\n [odd name], \"quoted\".[x y] as z /* and\n another */ "
            + "from INPUT where Name='it''s' ;").Event("""{"odd name":1,"quoted":{"x y":2},"name":"it's"}""");
        Assert.Equal(["""{"odd name":1,"z":2}"""], run.Output.Values);
    }

    [Fact]
    public void Words_that_are_keywords_elsewhere_can_be_names()
    {
        var run = new Run("SELECT timestamp, order, input.partition, [select], left AS right, count FROM input "
            + "TIMESTAMP BY timestamp WHERE on > 1")
            .Event("""{"timestamp":"t","order":1,"partition":2,"select":3,"left":4,"on":5,"count":6}""");
        Assert.Equal(
            ["""{"timestamp":"t","order":1,"partition":2,"select":3,"right":4,"count":6}"""], run.Output.Values);
    }

    [Theory]
    [InlineData("ts", """{"ts":"2026-01-01T00:00:05Z"}""", true)]
    [InlineData("DATEADD(second, 5, start)", """{"start":"2026-01-01"}""", true)]
    [InlineData("DATEADD(second, n, CAST('2026-01-01' AS datetime))", """{"n":5}""", true)]
    [InlineData("COALESCE(a, b)", """{"b":"2026-01-01T01:00:05+01:00"}""", true)]
    [InlineData("ts", """{"ts":"yesterday"}""", false)]
    [InlineData("ts", """{"ts":12345}""", false)]
    [InlineData("ts", "{}", false)]
    [InlineData("DATEADD(second, n, '2026-01-01')", """{"n":"x"}""", false)]
    public void TIMESTAMP_BY_finds_the_time(string expression, string json, bool readable)
    {
        var query = Run.Compile($"SELECT * FROM input TIMESTAMP BY {expression}");
        var record = new Kernel.Stages.StageRecord { Value = System.Text.Encoding.UTF8.GetBytes(json) };
        Assert.Equal(readable, query.Timestamp!.TryRead(record, out var ticks));
        Assert.True(!readable || ticks == Run.Second(5));
    }
}
