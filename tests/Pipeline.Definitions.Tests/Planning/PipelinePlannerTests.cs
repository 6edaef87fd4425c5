using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Queries;
using Xunit;

namespace Pipeline.Definitions.Tests.Planning;

public sealed class PipelinePlannerTests
{
    private const string Readings = "name: t\nstreams:\n  readings: { partitions: 4, key: deviceId, time: ts }\n";

    [Fact]
    public void Stages_by_the_stream_s_key_are_fused_and_only_what_is_read_is_kept()
    {
        var plan = Plan(Readings + """
            stages:
              valid: { query: SELECT * FROM readings WHERE temperature IS NOT NULL }
              perDevice:
                key: deviceId
                lateness: 5s
                query: >-
                  SELECT deviceId, COUNT(*) AS n FROM valid TIMESTAMP BY ts
                  GROUP BY deviceId, TumblingWindow(second, 10)
            sinks:
              out: { from: perDevice, files: { path: out } }
            """);
        var group = Assert.Single(plan.Groups);
        Assert.Equal(("valid", "readings", true), (group.Name, group.Input.Value, group.IsIngest));
        Assert.NotNull(group.Timestamp);
        Assert.Equal([-1, 0], group.Nodes.Select(node => node.Node.Parent));
        Assert.Equal([null, "t.perDevice"], group.Nodes.Select(node => node.Output?.Value));
        Assert.Equal("t.perDevice.late", group.Nodes[1].Late?.Value);
        Assert.Equal(TimeSpan.FromSeconds(5).Ticks, group.Nodes[1].Node.Lateness);
        Assert.Equal(["t.valid"], plan.NotMaterialized.Select(name => name.Value));
        Assert.Equal(
            [("t.perDevice", 4), ("t.perDevice.late", 1), ("t.dead-letters", 1)],
            plan.Outputs.Select(output => (output.Stream.Name.Value, output.Stream.Partitions)));
        Assert.Equal("t.perDevice", plan.Sinks[0].Input.Value);
    }

    [Fact]
    public void A_query_that_gathers_by_something_else_gets_an_exchange_fused_with_what_it_reads()
    {
        var plan = Plan(Readings + """
            stages:
              valid: { query: SELECT * FROM readings WHERE temperature IS NOT NULL }
              perCity:
                partitions: 2
                query: SELECT city, COUNT(*) AS n FROM valid TIMESTAMP BY ts GROUP BY city, TumblingWindow(second, 10)
            """);
        Assert.Equal(["valid", "perCity"], plan.Groups.Select(group => group.Name));
        Assert.Equal(["readings", "t.perCity.exchange"], plan.Groups.Select(group => group.Input.Value));
        Assert.Equal(["valid", "perCity.exchange"], plan.Groups[0].Nodes.Select(node => node.Node.Name));
        Assert.NotNull(plan.Groups[0].Timestamp);
        Assert.Null(plan.Groups[1].Timestamp);
        Assert.True(plan.Groups[0].Nodes[1].IsKeyed);
        var exchange = plan.Outputs.Single(output => output.Stream.Name.Value == "t.perCity.exchange").Stream;
        Assert.Equal((2, "city", TimeSpan.Zero), (exchange.Partitions, exchange.Key, exchange.Retention));
    }

    [Fact]
    public void One_partition_needs_no_exchange_and_a_whole_stream_aggregate_gathers_in_one()
    {
        var one = Plan("""
            name: t
            streams: { raw: { partitions: 1 } }
            stages: { s: { query: "SELECT COUNT(*) AS n FROM raw GROUP BY TumblingWindow(second, 1)" } }
            """);
        Assert.Equal("raw", Assert.Single(one.Groups).Input.Value);
        var four = Plan("""
            name: t
            streams: { raw: { partitions: 4 } }
            stages: { s: { query: "SELECT COUNT(*) AS n FROM raw GROUP BY TumblingWindow(second, 1)" } }
            """);
        Assert.Equal(1, four.Outputs.Single(output => output.Stream.Name.Value == "t.s.exchange").Stream.Partitions);
    }

    [Fact]
    public void A_stream_that_spreads_events_without_key_is_not_partitioned_by_it()
    {
        var plan = Plan("""
            name: t
            streams: { raw: { partitions: 4, key: k, missingKey: spread } }
            stages: { s: { query: "SELECT k, COUNT(*) AS n FROM raw GROUP BY k, TumblingWindow(second, 1)" } }
            """);
        Assert.Equal(["s.exchange", "s"], plan.Groups.Select(group => group.Name));
    }

    [Fact]
    public void A_stage_with_another_key_is_an_exchange_itself()
    {
        var plan = Plan(Readings + """
            stages:
              byCity: { key: city, query: "SELECT city, temperature, ts FROM readings TIMESTAMP BY ts" }
              perCity: { query: "SELECT city, COUNT(*) AS n FROM byCity GROUP BY city, TumblingWindow(second, 1)" }
            """);
        Assert.Equal(["byCity", "perCity"], plan.Groups.Select(group => group.Name));
        Assert.Equal("t.byCity", plan.Groups[1].Input.Value);
        Assert.True(plan.Groups[0].Nodes[0].IsKeyed);
    }

    [Fact]
    public void Event_time_is_carried_back_through_renamed_columns()
    {
        var plan = Plan(Readings + """
            stages:
              slim: { query: "SELECT deviceId, at AS happened FROM readings" }
              counts:
                query: >-
                  SELECT deviceId, COUNT(*) AS n FROM slim TIMESTAMP BY happened
                  GROUP BY deviceId, TumblingWindow(second, 1)
            """);
        var timestamp = Assert.Single(plan.Groups).Timestamp!;
        var record = new Kernel.Stages.StageRecord
        {
            Value = """{"at":"0001-01-01T00:00:01Z","ts":"0001-01-01T00:00:09Z"}"""u8,
        };
        Assert.True(timestamp.TryRead(record, out var ticks));
        Assert.Equal(TimeSpan.TicksPerSecond, ticks);
    }

    [Fact]
    public void Mistakes_across_stages_are_found_with_their_places()
    {
        Assert.Equal(
            ["5:3: Stages form a cycle: a → b → a."],
            Errors(Readings + """
                stages:
                  a: { query: SELECT * FROM b }
                  b: { query: SELECT * FROM a }
                """));
        var errors = Errors(Readings + """
            stages:
              readings: { query: SELECT * FROM readings }
              a: { from: b, query: SELECT * FROM readings }
              b: { key: kity, query: SELECT city FROM readings }
              c: { from: reading, code: No.Such }
            sinks:
              out: { from: perDevise, files: { path: out } }
            """);
        Assert.Equal(
            [
                "5:3: 'readings' names both a stream and a stage.",
                "6:14: Stage 'a' says from 'b', its query FROM 'readings'.",
                "8:14: There is no stream or stage 'reading'. Did you mean 'readings'?",
                "8:29: There is no C# stage 'No.Such'.",
                "10:16: There is no stream or stage 'perDevise'.",
            ],
            errors);
        Assert.Equal(
            ["5:13: Stage 'b': its query has no column 'kity' to be the key. Did you mean 'city'?"],
            Errors(Readings + "stages:\n  b: { key: kity, query: SELECT city FROM readings }"));
    }

    [Fact]
    public void A_mistake_in_a_query_is_named_at_its_place_in_the_file()
    {
        var errors = Errors(Readings + """
            stages:
              a:
                query: |
                  SELECT city
                  FROM readings
              b:
                query: |
                  SELECT
                    town
                  FROM a
            """);
        Assert.StartsWith("12:9: ", Assert.Single(errors));
    }

    [Fact]
    public void Computed_times_and_times_that_disagree_are_refused()
    {
        Assert.Contains("is computed by stage 'n'", Assert.Single(Errors(Readings + """
            stages:
              n:
                query: >-
                  SELECT deviceId, COUNT(*) AS c, System.Timestamp() AS w FROM readings
                  GROUP BY deviceId, TumblingWindow(second, 1)
              m: { query: "SELECT deviceId FROM n TIMESTAMP BY w" }
            """)));
        Assert.Contains("by different times", Assert.Single(Errors(Readings + """
            stages:
              v: { query: SELECT * FROM readings }
              a: { query: SELECT x FROM v TIMESTAMP BY ts }
              b: { query: SELECT x FROM v TIMESTAMP BY other }
            """)));
    }

    [Fact]
    public void Only_a_strict_stage_refuses_a_number_where_a_text_belongs()
    {
        const string Stage = "stages:\n  s: { query: SELECT UPPER(5) AS u FROM readings";
        Assert.Empty(Errors(Readings + Stage + " }"));
        Assert.Empty(Errors(Readings + Stage + ", strict: false }"));
        var error = Assert.Single(Errors(Readings + Stage + ", strict: true }"));
        Assert.Contains("UPPER: nvarchar(max) was expected, this is bigint", error);
    }

    [Fact]
    public void Fields_of_a_record_spread_out_have_no_time_that_can_be_traced_to_the_stream()
    {
        Assert.Contains("its TIMESTAMP BY is computed by stage 'v'", Assert.Single(Errors(Readings + """
            stages:
              v: { query: SELECT r.* FROM readings }
              w: { query: "SELECT x FROM v TIMESTAMP BY DATEADD(day, 1, ts)" }
            """)));
    }

    [Fact]
    public void Streams_of_other_pipelines_can_be_read()
    {
        var definition = DefinitionReader.Read(
            "name: u\nstages: { s: { query: SELECT * FROM readings } }", DefinitionVariables.None).Definition!;
        var readings = new StreamDefinition { Name = new StreamName("readings"), Pipeline = "t", Partitions = 3 };
        var world = new PlanningWorld
        {
            Compile = QueryCompiler.Compile,
            Streams = new Dictionary<string, StreamDefinition> { ["readings"] = readings },
        };
        var plan = PipelinePlanner.Plan(definition, world).Plan!;
        Assert.Equal(3, plan.Outputs[0].Stream.Partitions);
    }

    private static PipelinePlan Plan(string text)
    {
        var read = DefinitionReader.Read(text, DefinitionVariables.None);
        Assert.Empty(read.Errors);
        var outcome = PipelinePlanner.Plan(read.Definition!, new PlanningWorld { Compile = QueryCompiler.Compile });
        Assert.Empty(outcome.Errors);
        return outcome.Plan!;
    }

    private static IEnumerable<string> Errors(string text)
    {
        var read = DefinitionReader.Read(text, DefinitionVariables.None);
        Assert.Empty(read.Errors);
        return PipelinePlanner.Plan(read.Definition!, new PlanningWorld { Compile = QueryCompiler.Compile })
            .Errors.Select(error => error.ToString());
    }
}
