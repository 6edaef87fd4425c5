using Pipeline.Definitions.Planning;
using Pipeline.Queries;
using Xunit;

namespace Pipeline.Definitions.Tests.Planning;

/// <summary>Queries of several SELECTs: which stages they become.</summary>
public sealed class QueryStagesTests
{
    private const string Streams = """
        name: t
        streams:
          readings: { partitions: 4, key: deviceId, time: ts }
          others: { partitions: 2, key: deviceId, time: ts }
          spread: { partitions: 3 }

        """;

    [Fact]
    public void Each_step_and_each_output_of_the_pipelines_query_is_a_stage()
    {
        var plan = Plan(Streams + """
            query: |
              WITH valid AS (SELECT * FROM Readings TIMESTAMP BY ts WHERE v IS NOT NULL),
                   counts AS (SELECT deviceId, COUNT(*) AS n FROM valid GROUP BY deviceId, TumblingWindow(second, 10))
              SELECT * INTO archive FROM valid;
              SELECT * INTO busy FROM counts WHERE n > 10
              SELECT COUNT(*) AS devices, System.Timestamp() AS at FROM Counts GROUP BY TumblingWindow(minute, 1)
            stages:
              counts: { lateness: 5s }
              busy: { key: deviceId }
            sinks:
              archive: { files: { path: out/archive } }
              rest: { from: output, files: { path: out/rest } }
            """);
        Assert.Equal(
            [
                "valid query readings valid ", "counts query valid valid ", "archive query valid valid t.archive",
                "busy query counts valid t.busy", "output.exchange exchange counts valid t.output.exchange",
                "output query output.exchange output t.output", "archive.sink files archive archive.sink ",
                "rest files output rest ",
            ],
            plan.Graph.Select(node => $"{node.Name} {node.Kind} {node.From} {node.Group} {node.Stream}"));
        Assert.Equal(["valid", "output"], plan.Groups.Select(group => group.Name));
        Assert.Equal([-1, 0, 0, 1, 1], plan.Groups[0].Nodes.Select(node => node.Node.Parent));
        Assert.Equal(TimeSpan.FromSeconds(5).Ticks, plan.Groups[0].Nodes[1].Node.Lateness);
        Assert.NotNull(plan.Groups[0].Timestamp);
        Assert.Equal(["t.archive", "t.output"], plan.Sinks.Select(sink => sink.Input.Value));
    }

    [Fact]
    public void A_step_that_nothing_reads_is_checked_and_does_not_run()
    {
        const string Text = Streams + """
            query: |
              WITH a AS (SELECT x FROM readings), b AS (SELECT COUNT(*) AS n FROM a GROUP BY TumblingWindow(day, 1)),
                   c AS (SELECT n FROM b UNION SELECT x AS n FROM a)
              SELECT x FROM readings
            """;
        Assert.Equal(["output"], Plan(Text).Graph.Select(node => node.Name));
        Assert.Equal(
            ["8:43: unknown column 'y': a has x"], Errors(Text.Replace("SELECT x AS n", "SELECT y AS n", default)));
    }

    [Fact]
    public void A_union_over_streams_is_written_by_a_group_for_each_and_read_from_its_own_stream()
    {
        var plan = Plan(Streams + """
            query: |
              WITH hot AS (SELECT deviceId, t, ts FROM readings WHERE t > 30
                           UNION SELECT deviceId, temp AS t, ts FROM others
                           UNION ALL SELECT deviceId, 2 * t AS t, ts FROM readings)
              SELECT * INTO log FROM hot
              SELECT deviceId, MAX(t) AS t INTO highest FROM hot GROUP BY deviceId, TumblingWindow(hour, 1)
            """);
        Assert.Equal(
            ["hot.from.readings", "hot.from.others", "hot.from.readings-2", "log", "highest"],
            plan.Groups.Select(group => group.Name));
        Assert.Equal(
            ["readings", "others", "readings", "t.hot", "t.hot"], plan.Groups.Select(group => group.Input.Value));
        Assert.All(plan.Groups.Take(3), group =>
        {
            Assert.Equal("t.hot", Assert.Single(group.Nodes).Output?.Value);
            Assert.True(group.Nodes[0].IsKeyed);
        });
        var hot = plan.Outputs.Single(output => output.Stream.Name.Value == "t.hot").Stream;
        Assert.Equal((4, "deviceId"), (hot.Partitions, hot.Key));
        var union = plan.Graph.Single(node => node.Kind == "union");
        Assert.Equal("hot: hot.from.readings, hot.from.others, hot.from.readings-2",
            $"{union.Name}: {string.Join(", ", union.Further.Prepend(union.From))}");
    }

    [Fact]
    public void A_union_of_what_is_spread_otherwise_is_spread_anew_before_it_is_grouped()
    {
        var plan = Plan(Streams + """
            query: |
              WITH all AS (SELECT deviceId FROM readings UNION SELECT deviceId FROM spread)
              SELECT deviceId, COUNT(*) AS n FROM all GROUP BY deviceId, TumblingWindow(hour, 1)
            """);
        Assert.Equal(
            ["all.from.readings", "all.from.spread", "output.exchange", "output"],
            plan.Groups.Select(group => group.Name));
        Assert.False(plan.Groups[0].Nodes[0].IsKeyed);
        Assert.Null(plan.Outputs.Single(output => output.Stream.Name.Value == "t.all").Stream.Key);
    }

    [Fact]
    public void Queries_of_one_union_that_are_fused_to_one_step_write_its_stream_together()
    {
        var plan = Plan(Streams + """
            query: |
              WITH valid AS (SELECT * FROM readings WHERE v IS NOT NULL)
              SELECT deviceId, v, 'low' AS what FROM valid WHERE v < 0
              UNION SELECT deviceId, v, 'high' AS what FROM valid WHERE v > 100
            """);
        var group = Assert.Single(plan.Groups);
        Assert.Equal(["valid", "output.from.valid", "output.from.valid-2"], group.Nodes.Select(node => node.Node.Name));
        Assert.Equal([null, "t.output", "t.output"], group.Nodes.Select(node => node.Output?.Value));
    }

    [Fact]
    public void Steps_of_a_stage_that_branch_or_have_windows_are_stages_behind_its_name()
    {
        var plan = Plan(Streams + """
            stages:
              valid: { query: SELECT deviceId AS other FROM spread }
              peaks:
                lateness: 3s
                query: |
                  WITH valid AS (SELECT deviceId, v FROM readings WHERE v IS NOT NULL),
                       top AS (SELECT deviceId, MAX(v) AS v FROM valid GROUP BY deviceId, TumblingWindow(minute, 1))
                  SELECT deviceId, MAX(v) AS v FROM top GROUP BY deviceId, TumblingWindow(hour, 1)
                  UNION SELECT deviceId, v FROM valid WHERE v > 1000
              plain:
                query: WITH one AS (SELECT v FROM readings) SELECT v FROM one
            """);
        Assert.Equal(
            [
                "valid spread", "peaks.valid readings", "peaks.top peaks.valid", "peaks.from.top peaks.top",
                "peaks.from.valid peaks.valid", "peaks peaks.from.top", "plain readings",
            ],
            plan.Graph.Select(node => $"{node.Name} {node.From}"));
        var group = plan.Groups.Single(group => group.Name == "peaks.valid");
        Assert.Equal(["peaks.valid", "peaks.top", "peaks.from.top", "peaks.from.valid"],
            group.Nodes.Select(node => node.Node.Name));
        Assert.Equal([0, 3, 3, 0], group.Nodes.Select(node => node.Node.Lateness / TimeSpan.TicksPerSecond));
        Assert.Contains(plan.Outputs, output => output.Stream.Name.Value == "t.peaks.top.late");
    }

    [Theory]
    [InlineData(
        "SELECT x FROM readings\n  SELECT y FROM readings",
        "8:3: A second SELECT without INTO: it would be 'output' too. INTO and a name gives it its own output, UNION "
            + "between them makes them one.")]
    [InlineData(
        "SELECT x INTO a FROM readings\n  SELECT y INTO a FROM readings",
        "8:17: A second INTO 'a': UNION between both SELECTs makes them one output.")]
    [InlineData(
        "WITH a AS (SELECT x FROM readings) SELECT x INTO a FROM a",
        "7:52: 'a' names a step already: an output needs another name, as both are stages.")]
    [InlineData(
        "SELECT x INTO [my output] FROM readings",
        "7:17: 'my output' is the name of a stage then, and cannot be: letters, digits, '_' and '-', beginning with a "
            + "letter or digit, at most 60.")]
    [InlineData(
        "SELECT x INTO taken FROM readings",
        "7:17: 'taken' is a stage of its own already: give this another name, or leave the stage's query out.")]
    [InlineData("SELECT x INTO readings FROM others", "7:17: 'readings' names both a stream and a stage.")]
    [InlineData("SELECT x FROM redings", "7:17: unknown stream or stage 'redings': others, output, readings, spread, "
        + "taken was expected")]
    [InlineData(
        "SELECT x, y FROM readings UNION\n  SELECT y, x FROM others",
        "8:3: The SELECTs of a UNION need the same columns in the same order: this one has y, x, the first one x, y. "
            + "AS gives a column its name.")]
    [InlineData(
        "WITH a AS (SELECT x FROM b), b AS (SELECT x FROM a) SELECT x FROM a",
        "7:8: Stages form a cycle: a → b → a.")]
    [InlineData(
        "WITH a AS (SELECT x FROM readings UNION SELECT x FROM others)\n  SELECT x FROM a TIMESTAMP BY x",
        "8:3: Stage 'output': its TIMESTAMP BY is computed by stage 'a'. Write TIMESTAMP BY where the stream is read; "
            + "what a window or a stage puts out has its time already (System.Timestamp()).")]
    [InlineData(
        "WITH w AS (SELECT COUNT(*) AS n FROM readings GROUP BY TumblingWindow(day, 1))\n  SELECT m INTO a FROM w",
        "8:10: unknown column 'm': w has n")]
    [InlineData("SELECT x FROM readings JOIN others WHERE x = 1", "7:38: ON was expected, not 'WHERE'")]
    public void A_mistake_in_the_pipelines_query_is_named_once_at_its_place(string query, string expected) =>
        Assert.Equal(
            [expected],
            Errors($"{Streams}query: |\n  {query}\nstages: {{ taken: {{ query: SELECT x FROM readings }} }}"));

    [Theory]
    [InlineData(
        "stages: { s: { key: x } }",
        "6:11: Stage 's' needs either 'query' or 'code'.")]
    [InlineData(
        "query: SELECT x FROM readings\nstages: { outptu: { key: x } }",
        "7:11: Stage 'outptu' needs either 'query' or 'code': the pipeline's query has no step and no INTO of this "
            + "name. Did you mean 'output'?")]
    [InlineData(
        "query: SELECT x FROM readings\nstages: { output: { from: readings } }",
        "7:21: Stage 'output': its query, in the pipeline's 'query', says what it reads.")]
    [InlineData(
        "query: SELECT x INTO archive FROM readings\nsinks: { Archive: { files: { path: out } } }",
        "7:10: Sink 'Archive' lacks the field 'from'. Did you mean 'archive'?")]
    [InlineData(
        "query: WITH z AS (SELECT x FROM readings) SELECT x FROM readings\nsinks: { z: { files: { path: out } } }",
        "7:10: Sink 'z' lacks the field 'from': 'z' is a step; 'from: z' reads what comes out of it.")]
    [InlineData(
        "query: SELECT x INTO a FROM readings\nsinks: { a: { from: readings, files: { path: out } } }",
        "7:10: 'a' names both a stage and a sink. A sink without 'from' reads the stage of its name.")]
    [InlineData(
        "stages: { s: { query: SELECT x INTO a FROM readings SELECT x INTO b FROM readings } }",
        "6:67: a second query: a stage has one result. The pipeline's own 'query', beside 'stages', takes several "
            + "SELECT … INTO")]
    [InlineData(
        "stages: { s: { from: spread, query: SELECT x FROM readings UNION SELECT x FROM others } }",
        "6:22: Stage 's' says from 'spread', its query has no FROM of that name.")]
    [InlineData(
        "stages: { s: { query: 'WITH late AS (SELECT x FROM readings) SELECT x FROM late UNION SELECT x FROM late' } }",
        "6:29: A step of stage 's' cannot be named 'late': it is a stage 's.{step}' then, which the stage has "
            + "already.")]
    [InlineData(
        "stages: { s: { key: z, query: SELECT x FROM readings UNION SELECT x FROM others } }",
        "6:21: Stage 's': its query has no column 'z' to be the key. Did you mean 'x'?")]
    public void A_mistake_beside_the_query_is_named_once_at_its_place(string rest, string expected) =>
        Assert.Equal([expected], Errors(Streams + rest));

    [Fact]
    public void As_many_steps_as_there_may_be_stages_are_planned_and_no_more()
    {
        static string Text(int steps) => Streams + "query: WITH "
            + string.Join(", ", Enumerable.Range(0, steps).Select(i => $"s{i} AS (SELECT x FROM readings)"))
            + $" SELECT x FROM s{steps - 1}";
        Assert.Empty(Errors(Text(DefinitionLimits.Stages - 1)));
        Assert.Contains("at most 256 stages", Assert.Single(Errors(Text(DefinitionLimits.Stages))));
    }

    [Fact]
    public void Unions_of_unions_end_before_an_event_becomes_too_many_rows()
    {
        static string Step(int i) => $"s{i} AS (SELECT x FROM s{i - 1} UNION SELECT x FROM s{i - 1})";
        static string Text(int steps) => Streams + "query: WITH s0 AS (SELECT x FROM readings), "
            + string.Join(", ", Enumerable.Range(1, steps).Select(Step)) + $" SELECT x FROM s{steps}";
        Assert.Empty(Errors(Text(9)));
        Assert.Contains("An event may become 1024 rows of 's10'", Assert.Single(Errors(Text(10))));
        Assert.Contains("An event may become 1024 rows of 's10'", Assert.Single(Errors(Text(80))));
        Assert.Contains("at most 256 stages", Assert.Single(Errors(Text(200))));
    }

    private static PipelinePlan Plan(string text)
    {
        Assert.Empty(Errors(text));
        return Outcome(text).Plan!;
    }

    private static IEnumerable<string> Errors(string text)
    {
        var read = DefinitionReader.Read(text, DefinitionVariables.None);
        return (read.Definition is null ? read.Errors : Outcome(text).Errors).Select(error => error.ToString());
    }

    private static PlanningOutcome Outcome(string text) => PipelinePlanner.Plan(
        DefinitionReader.Read(text, DefinitionVariables.None).Definition!,
        new PlanningWorld { Compile = QueryCompiler.Compile });
}
