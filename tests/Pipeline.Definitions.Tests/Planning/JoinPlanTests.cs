using Pipeline.Definitions.Planning;
using Pipeline.Queries;
using Xunit;

namespace Pipeline.Definitions.Tests.Planning;

/// <summary>What the plan makes of a JOIN.</summary>
public sealed class JoinPlanTests
{
    private const string Streams = """
        name: t
        streams:
          a: { partitions: 4, key: id, time: ts }
          b: { partitions: 2, key: other, time: ts }

        """;

    [Fact]
    public void Both_sources_are_brought_to_one_stream_by_the_first_that_must_be_equal()
    {
        var plan = Plan(Streams + """
            stages:
              s:
                lateness: 5s
                query: SELECT a.id, b.x FROM a JOIN b ON b.id = a.id AND DATEDIFF(second, a, b) BETWEEN 0 AND 9
              n: { query: 'SELECT id, COUNT(*) AS n FROM s GROUP BY id, TumblingWindow(second, 10)' }
            """);
        Assert.Equal(
            [
                "s.join.from.a query a s.join.from.a t.s.join", "s.join.from.b query b s.join.from.b t.s.join",
                "s.join union s.join.from.a s.join t.s.join", "s query s.join s ", "n query s s t.n",
            ],
            plan.Graph.Select(node => $"{node.Name} {node.Kind} {node.From} {node.Group} {node.Stream}"));
        Assert.Equal(["s.join.from.a", "s.join.from.b", "s"], plan.Groups.Select(group => group.Name));
        Assert.All(plan.Groups.Take(2), group => Assert.True(group.Nodes[0].IsKeyed && group.Timestamp is not null));
        Assert.Equal((4, "on"), (plan.Groups[2].Nodes[0].InputPartitions, plan.Groups[2].Nodes[0].InputKey));
        Assert.Equal(TimeSpan.FromSeconds(5).Ticks, plan.Groups[2].Nodes[0].Node.Lateness);
        Assert.True(plan.Groups[2].Nodes[0].Node.NeedsWatermark);
        var join = plan.Outputs.Single(output => output.Stream.Name.Value == "t.s.join").Stream;
        Assert.Equal((4, TimeSpan.Zero), (join.Partitions, join.Retention));
        Assert.Equal("id", plan.Groups[2].Nodes[1].InputKey);
    }

    [Theory]
    [InlineData("partitions: 7, ", "a.id = b.id AND ", 7)]
    [InlineData("", "", 1)]
    [InlineData("partitions: 7, ", "", 1)]
    public void It_has_as_many_partitions_as_can_be(string said, string equal, int expected)
    {
        var plan = Plan(Streams + $"stages:\n  s: {{ {said}query: 'SELECT a.id FROM a JOIN b ON {equal}"
            + "DATEDIFF(second, a, b) = 0' }\n");
        Assert.Equal(
            expected, plan.Outputs.Single(output => output.Stream.Name.Value == "t.s.join").Stream.Partitions);
    }

    [Theory]
    [InlineData("SELECT COUNT(*) AS n", "", "GROUP BY TumblingWindow(second, 10)", 1)]
    [InlineData("SELECT a.v, COUNT(*) AS n", "", "GROUP BY a.v, HoppingWindow(second, 10, 5)", 1)]
    [InlineData("SELECT b.id, COUNT(*) AS n", "LEFT ", "GROUP BY b.id, TumblingWindow(second, 10)", 1)]
    [InlineData("SELECT a.id, COUNT(*) AS n", "", "GROUP BY a.id, SessionWindow(second, 10)", 1)]
    [InlineData("SELECT LAG(a.v) OVER (LIMIT DURATION(second, 5)) AS v", "", "", 1)]
    [InlineData("SELECT ISFIRST(hour, 1) OVER (PARTITION BY b.id) AS v", "LEFT ", "", 1)]
    [InlineData("SELECT a.id, COUNT(*) AS n", "", "GROUP BY a.v, a.id, TumblingWindow(second, 10)", 4)]
    [InlineData("SELECT b.id, COUNT(*) AS n", "", "GROUP BY b.id, TumblingWindow(second, 10)", 4)]
    [InlineData("SELECT ISFIRST(hour, 1) OVER (PARTITION BY a.id) AS v", "LEFT ", "", 4)]
    public void What_gathers_rows_by_something_else_has_all_of_them_in_one_place(
        string select, string kind, string group, int partitions)
    {
        var plan = Plan(Streams + $"stages:\n  s: {{ query: '{select} FROM a {kind}JOIN b ON a.id = b.id "
            + $"AND DATEDIFF(second, a, b) BETWEEN 0 AND 9 {group}' }}\n");
        var join = plan.Groups.Single(static planned => planned.Name == "s");
        Assert.Equal("t.s.join", join.Input.Value);
        Assert.Equal(partitions, join.Nodes[0].InputPartitions);
        Assert.Equal(
            partitions, plan.Outputs.Single(output => output.Stream.Name.Value == "t.s.join").Stream.Partitions);
    }

    [Fact]
    public void Joins_of_steps_of_unions_of_themselves_and_behind_windows_are_planned()
    {
        var plan = Plan(Streams + """
            query: |
              WITH counts AS (SELECT id, COUNT(*) AS n FROM a GROUP BY id, TumblingWindow(second, 10)),
                   twice AS (SELECT l.id, r.n FROM counts l JOIN counts r ON l.id = r.id
                             AND DATEDIFF(second, l, r) BETWEEN 1 AND 10),
                   three AS (SELECT twice.id, b.x FROM twice JOIN b ON twice.id = b.id
                             AND DATEDIFF(second, twice, b) = 0)
              SELECT id FROM three UNION SELECT a.id FROM a LEFT JOIN b ON a.id = b.id AND DATEDIFF(day, a, b) = 0
            stages:
              inner:
                query: |
                  WITH one AS (SELECT * FROM a WHERE x > 1)
                  SELECT one.id FROM one JOIN b ON one.id = b.id AND DATEDIFF(second, one, b) = 0
            """);
        var names = plan.Graph.Select(node => node.Name).ToList();
        Assert.Contains("twice.join.from.counts-2", names);
        Assert.Contains("three.join.from.twice", names);
        Assert.Contains("output.from.a.join.from.b", names);
        Assert.Contains("inner.join.from.one", names);
        Assert.DoesNotContain(
            plan.Groups.SelectMany(group => group.Nodes), node => node.Node.Name.EndsWith(".exchange"));
    }

    [Theory]
    [InlineData("s: { query: 'SELECT a.id FROM a JOIN s ON a.id = s.id AND DATEDIFF(second, a, s) = 0' }",
        "6:3: Stages form a cycle: s → s.")]
    [InlineData("s: { query: 'SELECT a.id FROM a JOIN c ON a.id = c.id AND DATEDIFF(second, a, c) = 0' }",
        "6:40: unknown stream or stage 'c': a, b, s was expected")]
    [InlineData("s: { from: c, query: 'SELECT a.id FROM a JOIN b ON a.id = b.id AND DATEDIFF(second, a, b) = 0' }",
        "6:14: Stage 's' says from 'c', its query FROM 'a'.")]
    [InlineData("s: { query: 'WITH join AS (SELECT id FROM a) SELECT id FROM join UNION SELECT id FROM join' }",
        "6:21: A step of stage 's' cannot be named 'join': it is a stage 's.{step}' then, which the stage has "
        + "already.")]
    [InlineData("w: { query: 'SELECT id FROM a' }\n  s: { query: 'SELECT w.no FROM w JOIN b ON w.id = b.id AND "
        + "DATEDIFF(second, w, b) = 0' }", "7:23: unknown column 'no': w has id")]
    [InlineData("w: { query: 'SELECT id, COUNT(*) AS n FROM a GROUP BY id, TumblingWindow(day, 1)' }\n  s: { query: "
        + "'SELECT w.id FROM w TIMESTAMP BY w.n JOIN b ON w.id = b.id AND DATEDIFF(second, w, b) = 0' }",
        "7:3: Stage 's': its TIMESTAMP BY is computed by stage 'w'. Write TIMESTAMP BY where the stream is read; "
        + "what a window or a stage puts out has its time already (System.Timestamp()).")]
    public void Mistakes_have_their_places(string stage, string expected)
    {
        var reading = DefinitionReader.Read(Streams + $"stages:\n  {stage}\n", DefinitionVariables.None);
        var errors = reading.Definition is null
            ? reading.Errors
            : PipelinePlanner.Plan(reading.Definition, World()).Errors;
        Assert.Contains(expected, errors.Select(static error => error.ToString()));
    }

    private static PlanningWorld World() => new() { Compile = QueryCompiler.Compile };

    private static PipelinePlan Plan(string text)
    {
        var reading = DefinitionReader.Read(text, DefinitionVariables.None);
        Assert.Empty(reading.Errors);
        var outcome = PipelinePlanner.Plan(reading.Definition!, World());
        Assert.Empty(outcome.Errors);
        return outcome.Plan!;
    }
}
