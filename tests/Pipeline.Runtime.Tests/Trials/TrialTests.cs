using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Pipeline.Definitions;
using Pipeline.Definitions.Planning;
using Pipeline.Ingestion;
using Pipeline.Kernel.Identity;
using Pipeline.Queries;
using Pipeline.Runtime.Tests.Pipelines;
using Pipeline.Runtime.Trials;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Trials;

public sealed partial class TrialTests
{
    /// <summary>
    /// Exchanges, windows over windows, a union of streams with other keys, late events, dead letters. Where several
    /// instances write what a window reads, none is late: which would be is chance in a service.
    /// </summary>
    private const string Job = """
        name: t
        streams:
          a: { partitions: 4, key: k, time: at }
          b: { partitions: 2, key: id, time: at }
        query: |
          WITH both AS (SELECT k, v, g FROM a UNION SELECT k, v, g FROM b),
               sums AS (SELECT g, SUM(v) AS v FROM both GROUP BY g, TumblingWindow(second, 10))
          SELECT g, COUNT(*) AS n, MAX(v) AS most INTO hours FROM sums GROUP BY g, TumblingWindow(minute, 1)
          SELECT k, v - LAG(v, 1, 0) OVER (PARTITION BY k LIMIT DURATION(hour, 1)) AS d INTO steps FROM a
          SELECT id, COUNT(*) AS n INTO groups FROM b GROUP BY id, HoppingWindow(second, 20, 10)
        stages:
          groups: { lateness: 1s }
          sums: { lateness: 10s }
        """;

    private static readonly string[] Outputs = ["both", "hours", "steps", "groups", "groups.late", "dead-letters"];

    private static readonly long Start = Ticks("2026-01-01T00:00:00Z");

    private static readonly long End = Ticks("2026-01-01T00:10:00Z");

    [Fact]
    public async Task What_comes_out_is_what_a_host_makes()
    {
        var draw = new Random(1);
        var events = Enumerable.Range(0, 200).Select(i => Event(draw, i)).ToList();
        var trial = await Trial.BeginAsync(Plan(Job), Start);
        foreach (var (stream, key, value) in events)
        {
            await PostAsync(trial, stream, key, value);
        }

        await trial.SayAsync(new StreamName("a"), End);
        await trial.SayAsync(new StreamName("b"), End);

        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Job);
        await world.OwnsAsync("a", "b");
        foreach (var (number, (stream, key, value)) in events.Index())
        {
            await world.AppendAsync(stream, $"{number}", (key, value));
        }

        await world.WatermarkAsync("a", End);
        await world.WatermarkAsync("b", End);
        foreach (var output in Outputs)
        {
            var expected = JobWorld.InOrder(Values(trial, $"t.{output}"));
            Assert.NotEmpty(expected);
            var came = await world.ValuesAsync($"t.{output}", expected.Count);
            Assert.Equal(Placeless(expected), Placeless(came));
        }
    }

    [Fact]
    public async Task Two_trials_are_the_same_to_the_last_byte()
    {
        var rows = new List<List<string>>();
        for (var i = 0; i < 2; i++)
        {
            var (draw, trial) = (new Random(2), await Trial.BeginAsync(Plan(Job), Start));
            for (var number = 0; number < 100; number++)
            {
                var (stream, key, value) = Event(draw, number);
                await trial.AdvanceAsync(trial.Now + (draw.Next(3) * TimeSpan.TicksPerSecond));
                await PostAsync(trial, stream, key, value);
            }

            rows.Add([.. Outputs.SelectMany(output => Values(trial, $"t.{output}"))]);
        }

        Assert.NotEmpty(rows[0]);
        Assert.Equal(rows[0], rows[1]);
    }

    [Theory]
    [InlineData("idle: 5s", 4, 0)]
    [InlineData("idle: 5s", 20, 1)]
    [InlineData("retention: 1d", 25, 0)]
    [InlineData("retention: 1d", 50, 1)]
    [InlineData("idle: never", 86_400, 0)]
    public async Task Time_goes_on_by_itself_as_the_stream_says(string idle, int seconds, int windows)
    {
        var trial = await Trial.BeginAsync(Plan($$"""
            name: t
            streams: { s: { partitions: 4, key: k, time: at, {{idle}} } }
            stages: { n: { query: 'SELECT COUNT(*) AS n FROM s GROUP BY TumblingWindow(second, 10)' } }
            """), Start);
        await PostAsync(trial, "s", null, """{"k":"x","at":"2026-01-01T00:00:00Z"}""");
        await trial.AdvanceAsync(Start + (seconds * TimeSpan.TicksPerSecond));

        Assert.Equal(windows, trial.Read(new StreamName("t.n")).Count);
    }

    [Fact]
    public async Task A_year_goes_by_in_no_time()
    {
        var trial = await Trial.BeginAsync(Plan(Job), Start);
        await PostAsync(trial, "a", null, """{"k":"x","g":1,"v":1,"at":"2026-01-01T00:00:00Z"}""");
        await trial.AdvanceAsync(Start + (365 * TimeSpan.TicksPerDay));
        await PostAsync(trial, "a", null, """{"k":"x","g":1,"v":1,"at":"2027-01-01T00:00:00Z"}""");

        Assert.Equal(2, trial.Read(new StreamName("t.steps")).Count);
        Assert.Single(trial.Read(new StreamName("t.hours")));
    }

    [Fact]
    public async Task A_request_that_a_service_refuses_is_refused()
    {
        var trial = await Trial.BeginAsync(Plan(Job), Start);
        var outcome = await trial.PostAsync(
            new StreamName("a"), null, Encoding.UTF8.GetBytes("{\"k\":\"x\"}\n{\"no\":\"key\"}"));
        Assert.Equal((IngestProblem.MissingKey, 2), (outcome.Problem, outcome.Errors[0].Event));
        Assert.Empty(trial.Read(new StreamName("a")));
    }

    /// <summary>Without the offset of a dead letter: a union has no order.</summary>
    private static List<string> Placeless(List<string> rows) =>
        JobWorld.InOrder(rows.Select(static row => Offset().Replace(row, "")));

    [GeneratedRegex("\"offset\":\\d+,")]
    private static partial Regex Offset();

    private static (string Stream, string Key, string Value) Event(Random draw, int number)
    {
        var at = new DateTime(Start + (((number / 2) + draw.Next(8)) * TimeSpan.TicksPerSecond), DateTimeKind.Utc);
        var (stream, key) = (draw.Next(2) == 0 ? "a" : "b", $"k{draw.Next(12)}");
        var value = draw.Next(20) == 0 ? "\"no number\"" : $"{draw.Next(100)}";
        return (stream, key, string.Create(CultureInfo.InvariantCulture,
            $$"""{"k":"{{key}}","id":"{{key}}","g":{{draw.Next(3)}},"v":{{value}},"at":"{{at:O}}"}"""));
    }

    private static async Task PostAsync(Trial trial, string stream, string? key, string value)
    {
        var outcome = await trial.PostAsync(new StreamName(stream), key, Encoding.UTF8.GetBytes(value));
        Assert.Null(outcome.Problem);
    }

    private static IEnumerable<string> Values(Trial trial, string stream) =>
        trial.Read(new StreamName(stream)).Select(static row => Encoding.UTF8.GetString(row.Value.Span));

    private static long Ticks(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).UtcTicks;

    private static PipelinePlan Plan(string text)
    {
        var read = DefinitionReader.Read(text, DefinitionVariables.None);
        Assert.Empty(read.Errors);
        var planning = PipelinePlanner.Plan(read.Definition!, new PlanningWorld
        {
            Compile = QueryCompiler.Compile,
            Kept = ["both", "hours", "steps", "groups"],
        });
        Assert.Empty(planning.Errors);
        return planning.Plan!;
    }
}
