using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Compilation;

public sealed class ChainTests
{
    private const string Chain = """
        WITH valid AS (SELECT device.id AS id, CAST(t AS bigint) AS t, x FROM input TIMESTAMP BY ts
                       WHERE t IS NOT NULL),
             doubled AS (SELECT id, t * 2 AS t2, x FROM valid)
        SELECT id, SUM(t2) AS s, System.Timestamp() AS w FROM doubled GROUP BY id, TumblingWindow(second, 10)
        """;

    [Fact]
    public void Each_step_reads_the_results_of_the_one_before()
    {
        var run = new Run(Chain)
            .Event("""{"device":{"id":"a"},"t":"3"}""", 1)
            .Event("""{"device":{"id":"a"},"t":4}""", 2)
            .Event("""{"device":{"id":"a"}}""", 2)
            .Restart()
            .Event("""{"device":{"id":"b"},"t":5}""", 3)
            .Watermark(99);
        Assert.Equal(
            ["""{"id":"a","s":14,"w":"2026-01-01T00:00:10Z"}""", """{"id":"b","s":10,"w":"2026-01-01T00:00:10Z"}"""],
            run.Output.Values);
    }

    [Fact]
    public void What_is_late_or_rejected_is_the_event_that_came_in()
    {
        const string Bad = """{"device":{"id":"a"},"t":"bad"}""";
        const string Large = """{"device":{"id":"a"},"t":9223372036854775807}""";
        const string Late = """{"device":{"id":"a"},"t":1}""";
        var run = new Run(Chain).Watermark(50).Event(Bad, 60).Event(Large, 60).Event(Late, 1);
        Assert.Equal([Bad, Large], run.Output.Rejected);
        Assert.Equal(
            [
                "CAST of 'bad' (nvarchar(max)) to bigint",
                "9223372036854775807 * 2: the result does not fit bigint",
            ],
            run.Output.Reasons);
        Assert.Equal([Late], run.Output.Late);
    }

    [Fact]
    public void It_says_of_the_source_what_the_planner_asks()
    {
        var query = Run.Compile(Chain);
        Assert.Equal("input", query.Source);
        Assert.Equal("ts", query.TimestampPath);
        Assert.Equal(["device.id"], query.GroupBy);
        Assert.Equal(["id", "s", "w"], query.Columns);
        Assert.Equal("device.id", query.SourceOf("id"));
        Assert.Null(query.SourceOf("s"));
    }

    [Theory]
    [InlineData(
        "WITH a AS (SELECT COUNT(*) AS n FROM input GROUP BY TumblingWindow(day, 1)) SELECT n FROM a",
        "1:44: GROUP BY in a step that is not the last is not supported yet: make it a stage of its own")]
    [InlineData(
        "WITH a AS (SELECT x FROM input) SELECT x FROM a TIMESTAMP BY x",
        "1:49: TIMESTAMP BY belongs to the first step, which reads the events")]
    [InlineData(
        "WITH a AS (SELECT x FROM input), b AS (SELECT x FROM a) SELECT x FROM a",
        "1:71: 'a' is not the step before: steps that branch are not supported yet, make them stages")]
    [InlineData("WITH a AS (SELECT x FROM input) SELECT y FROM a", "1:40: unknown column 'y': a has x")]
    [InlineData(
        "WITH a AS (SELECT x FROM input) SELECT x FROM input",
        "1:47: unknown stream or stage 'input': a was expected")]
    [InlineData("WITH a AS (SELECT x FROM input), a AS (SELECT x FROM a) SELECT x FROM a", "1:34: a second step 'a'")]
    [InlineData("WITH a AS SELECT x FROM input SELECT x FROM a", "1:11: '(' was expected, not 'SELECT'")]
    [InlineData("WITH 5 AS (SELECT x FROM input) SELECT x FROM a", "1:6: a step's name was expected, not '5'")]
    [InlineData("WITH a AS (SELECT x FROM input", "1:31: ')' was expected, not the end of the query")]
    public void Mistakes_have_their_places(string query, string expected) => Assert.Contains(
        expected, QueryCompiler.Compile(query, Run.Options()).Errors.Select(e => e.ToString()));
}
