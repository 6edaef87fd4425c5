using Xunit;

namespace Pipeline.Definitions.Tests;

public sealed class DefinitionReaderTests
{
    [Fact]
    public void A_whole_definition_is_read()
    {
        var outcome = Read("""
            name: telemetry
            streams:
              readings: { partitions: 8, key: deviceId, time: ts, retention: 7d,
                          maxAhead: 1m, idle: never, maxEvent: 64KiB }
              plain:
            stages:
              valid:
                query: SELECT * FROM readings WHERE temperature IS NOT NULL
              perDevice:
                key: deviceId
                partitions: 2
                lateness: 5s
                onError: stop
                materialize: true
                strict: true
                query: |
                  SELECT deviceId
                  FROM valid
              scored: { from: perDevice, code: Samples.Scoring, with: { limit: 3 } }
            sinks:
              files: { from: perDevice, files: { path: out/perDevice, roll: { size: 64MiB, every: 10s } } }
            """);
        Assert.Empty(outcome.Errors);
        var definition = outcome.Definition!;
        var readings = definition.Streams[0].Stream;
        Assert.Equal((8, "deviceId", "ts"), (readings.Partitions, readings.Key, readings.Time));
        Assert.Equal((TimeSpan.FromDays(7), null), (readings.Retention, readings.Idle));
        Assert.Equal((TimeSpan.FromMinutes(1), 65536), (readings.MaxAhead, readings.MaxEventBytes));
        Assert.Equal(StreamDefinition.DefaultPartitions, definition.Streams[1].Stream.Partitions);
        var perDevice = definition.Stages[1];
        Assert.Equal(
            ("deviceId", 2, TimeSpan.FromSeconds(5)),
            (perDevice.Key?.Value, perDevice.Partitions?.Value, perDevice.Lateness));
        Assert.True(perDevice is { StopsOnError: true, Materialize: true, IsStrict: true });
        Assert.False(definition.Stages[0].IsStrict);
        Assert.Equal("3", definition.Stages[2].Settings["limit"]);
        var files = Assert.IsType<FileSinkDefinition>(definition.Sinks[0].Target);
        Assert.Equal(
            ("out/perDevice", 64L << 20, TimeSpan.FromSeconds(10)),
            (files.Path, files.RollBytes, files.RollEvery));
    }

    [Fact]
    public void JSON_is_read_by_the_same_rules()
    {
        var outcome = Read("""
            {
              "name": "a",
              "streams": { "in": { "partitions": 2, "key": "k" } },
              "stages": { "s": { "query": "SELECT *\nFROM in" } },
              "oops": 1
            }
            """);
        Assert.Equal(
            ["5:3: A pipeline has no field 'oops'. Known: name, query, streams, stages, sinks, reset."],
            outcome.Errors.Select(e => e.ToString()));
    }

    [Theory]
    [InlineData("reset: one", "1:8 one")]
    [InlineData("reset: [one, 'two.step']", "1:9 one, 1:14 two.step")]
    [InlineData("reset:\n  - one", "2:5 one")]
    [InlineData("reset: []", "")]
    [InlineData("reset: ~", "")]
    [InlineData("streams: { x: {} }", "")]
    public void Stages_whose_state_may_be_dropped_are_named_at_the_top(string field, string names)
    {
        var outcome = Read($"{field}\nname: a\n");
        Assert.Empty(outcome.Errors);
        Assert.Equal(names, string.Join(", ", outcome.Definition!.Reset.Select(
            static name => $"{name.Position.Line}:{name.Position.Column} {name.Value}")));
    }

    [Theory]
    [InlineData("reset: { one: true }", "1:8", "a mapping")]
    [InlineData("reset: [one, ~]", "1:14", "empty")]
    [InlineData("reset: '${STAGE}'", "1:8", "'${STAGE}'")]
    public void What_is_no_name_of_a_stage_is_a_mistake(string field, string place, string found) => Assert.Equal(
        $"{place}: A pipeline: 'reset' must be a text or a list of texts, written out, not {found}.",
        Assert.Single(Read($"{field}\nname: a\n").Errors).ToString());

    [Fact]
    public void Every_mistake_is_named_with_its_place_at_once()
    {
        var outcome = Read("""
            name: te lemetry
            streams:
              readings: { partitons: 4, retention: 7 days }
              other: { partitions: 0, schema: a.json, missingKey: spread }
            stages:
              both: { query: SELECT 1, code: A.B }
              late: { query: SELECT 1, lateness: [1] }
              coded: { code: A.B }
            sinks:
              pg: { from: both, postgres: { } }
              lost: { files: { roll: { size: big } } }
            """);
        Assert.Null(outcome.Definition);
        Assert.Equal(
            [
                "1:7: 'te lemetry' is not a pipeline's name: letters, digits, '_' and '-', beginning with a letter or "
                    + "digit, at most 60.",
                "3:15: Stream 'readings' has no field 'partitons'. Did you mean 'partitions'? Known: partitions, key, "
                    + "time, missingKey, retention, schema, idle, maxAhead, maxEvent, maxRequest, window.",
                "3:40: Stream 'readings': 'retention' must be a duration such as 500ms, 10s, 5m, 12h or 7d, "
                    + "not '7 days'.",
                "4:24: Stream 'other': 'partitions' must be a whole number from 1 to 1024, not '0'.",
                "4:27: Stream 'other': 'schema' is not built yet.",
                "4:43: Stream 'other': 'missingKey' needs a 'key'.",
                "6:3: Stage 'both' needs either 'query' or 'code'.",
                "7:38: Stage 'late': 'lateness' must be text, not a list.",
                "8:3: Stage 'coded' lacks the field 'from': what the code reads.",
                "10:21: Sink 'pg': 'postgres' lacks the field 'connection'.",
                "10:21: Sink 'pg': 'postgres' lacks the field 'table'.",
                "11:3: Sink 'lost' lacks the field 'from'.",
                "11:11: Sink 'lost': 'files' lacks the field 'path'.",
            ],
            outcome.Errors.Select(e => e.ToString()));
    }

    [Theory]
    [InlineData("", "1:1: The definition is empty.")]
    [InlineData("- a", "1:1: A pipeline must be a mapping of fields, not a list.")]
    [InlineData("streams: {}", "1:1: A pipeline lacks the field 'name'.")]
    [InlineData(
        "name: a\nstreams: { b: { key: a..b } }",
        "2:22: Stream 'b': 'key' must be a field's name or a dotted path, not 'a..b'.")]
    [InlineData("name: a\n---\nname: b", "1:1: A file holds one pipeline: there is more than one YAML document.")]
    [InlineData(
        "name: a\nstages: { dead-letters: { query: x } }",
        "2:11: A stage cannot be named 'dead-letters': that stream keeps the dead letters.")]
    public void A_broken_text_says_why(string text, string error) =>
        Assert.Equal(error, Assert.Single(Read(text).Errors).ToString());

    [Theory]
    [InlineData("name: a\nstreams: { x: {")]
    [InlineData("name: a\nname: b")]
    [InlineData("name: z\nstreams:\n  r: { partitions: 1\nstages: {}\n")]
    [InlineData("name: z\nstreams:\n  r: [ 1\nstages: {}\n")]
    [InlineData(": {\ns")]
    [InlineData("name: \"\\UFFFFFFFF\"")]
    [InlineData("...\n...\n...\n")]
    [InlineData("%YAML 99999999999999999999.1\n---\na: 1")]
    [InlineData("? [a]\n: 1")]
    [InlineData("? {a: 1}\n: 1")]
    [InlineData("name: [\n")]
    [InlineData("name: \"a\n")]
    public void What_is_not_YAML_is_refused_with_a_place(string text)
    {
        var error = Assert.Single(Read(text).Errors);
        Assert.StartsWith("Not valid YAML: ", error.Message);
        Assert.True(error.Line >= 1 && error.Column >= 1);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData("Null")]
    public void A_field_that_is_null_is_as_if_it_were_not_there(string nothing)
    {
        var outcome = Read($"name: a\nstreams:\n  s:\n    key: {nothing}\n    partitions: {nothing}\n");
        Assert.Empty(outcome.Errors);
        Assert.Null(outcome.Definition!.Streams[0].Stream.Key);
        Assert.Equal(
            ["1:1: A pipeline lacks the field 'name'."],
            Read($"name: {nothing}").Errors.Select(error => error.ToString()));
    }

    [Fact]
    public void Null_in_JSON_is_nothing_and_in_quotes_it_is_a_text()
    {
        Assert.Null(Read("""{"name":"a","streams":{"s":{"key":null}}}""").Definition!.Streams[0].Stream.Key);
        Assert.Equal("null", Read("name: a\nstreams: { s: { key: 'null' } }").Definition!.Streams[0].Stream.Key);
    }

    [Fact]
    public void The_name_can_be_had_from_a_definition_with_mistakes()
    {
        Assert.Equal("a", DefinitionReader.NameOf("name: a\noops: 1\nsinks: { f: { files: { path: ${X} } } }"));
        Assert.Null(DefinitionReader.NameOf("name: [\n"));
        Assert.Null(DefinitionReader.NameOf("name: ${X}"));
    }

    private static DefinitionOutcome Read(string text) => DefinitionReader.Read(text, DefinitionVariables.None);
}
