using Xunit;

namespace Pipeline.Definitions.Tests;

public sealed class DefinitionVariablesTests
{
    private const string Secret = "s3cret";

    [Fact]
    public void Allowed_variables_are_put_in_also_inside_flow_mappings_and_those_not_set_are_named()
    {
        var outcome = Read(
            "name: a\nstreams: { in: { partitions: ${N}, maxAhead: ${AHEAD:-7m} } }\n"
                + "stages: { s: { query: 'SELECT \"${N}\"' } }",
            "N, AHEAD",
            name => name == "N" ? "3" : null);
        Assert.Empty(outcome.Errors);
        var stream = outcome.Definition!.Streams[0].Stream;
        Assert.Equal((3, TimeSpan.FromMinutes(7)), (stream.Partitions, stream.MaxAhead));
        Assert.Equal("SELECT \"${N}\"", outcome.Definition.Stages[0].Query!.Text);

        var missing = Read("name: a\nsinks: { f: { from: x, files: { path: '${OUT}' } } }", "OUT", _ => null);
        Assert.Equal(
            "2:39: The environment variable 'OUT' is not set; ${OUT:-default} gives it a default.",
            missing.Errors[0].ToString());
    }

    [Theory]
    [InlineData("streams: { e: { time: '${X}' } }")]
    [InlineData("streams: { e: { key: '${X}' } }")]
    [InlineData("streams: { e: { key: '${X:-id}' } }")]
    [InlineData("streams: { e: { partitions: ${X} } }")]
    [InlineData("streams: { e: { retention: { hard: ${X} } } }")]
    [InlineData("stages: { s: { code: '${X}', from: a } }")]
    [InlineData("stages: { s: { code: Samples.Scoring, from: '${X}' } }")]
    [InlineData("stages: { s: { code: Samples.Scoring, from: a, with: { field: '${X}' } } }")]
    [InlineData("sinks: { f: { from: a, files: { path: 'out/${X}' } } }")]
    public void A_variable_that_is_not_allowed_is_refused_by_the_name_of_the_setting(string field)
    {
        var outcome = Read($"name: a\n{field}", "Y,Z*", _ => Secret);
        Assert.Contains(
            outcome.Errors,
            error => error.Message.Contains("'X'", StringComparison.Ordinal)
                && error.Message.Contains("Pipeline:Definitions:Variables", StringComparison.Ordinal));
        Assert.DoesNotContain(outcome.Errors, error => error.Message.Contains(Secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("name: '${X}'", "1:7")]
    [InlineData("name: a\nstreams: { e: { time: '${X}' } }", "2:23")]
    [InlineData("name: a\nstreams: { e: { key: 'a.${X}' } }", "2:22")]
    [InlineData("name: a\nstages: { s: { code: '${X}', from: a } }", "2:22")]
    [InlineData("name: a\nstages: { s: { code: A, from: '${X}' } }", "2:31")]
    [InlineData("name: a\nstages: { s: { code: A, from: b, key: '${X}' } }", "2:39")]
    [InlineData("name: a\nsinks: { s: { from: '${X}', files: { path: out } } }", "2:21")]
    public void What_names_something_or_places_events_is_written_out(string text, string place)
    {
        var error = Assert.Single(Read(text, "*", _ => Secret).Errors);
        Assert.StartsWith(place + ":", error.ToString());
        Assert.Contains("must be written out, not '", error.Message);
        Assert.Contains("${X}", error.Message);
    }

    [Theory]
    [InlineData("streams: { e: { partitions: ${X} } }")]
    [InlineData("streams: { e: { retention: ${X} } }")]
    [InlineData("streams: { e: { maxEvent: ${X} } }")]
    [InlineData("stages: { s: { query: SELECT 1, materialize: ${X} } }")]
    [InlineData("sinks: { f: { from: a, files: { path: out, roll: { every: ${X} } } } }")]
    public void Messages_show_a_variable_by_its_name(string field)
    {
        var error = Read($"name: a\n{field}", "X", _ => Secret).Errors[0];
        Assert.Contains("'${X}'", error.Message);
        Assert.DoesNotContain(Secret, error.Message);
    }

    [Theory]
    [InlineData("A", "A", true)]
    [InlineData("A", "AB", false)]
    [InlineData("A*", "AB", true)]
    [InlineData(" B , A* ", "B", true)]
    [InlineData("a", "A", false)]
    [InlineData("*", "ANY", true)]
    [InlineData("", "A", false)]
    [InlineData(null, "A", false)]
    [InlineData(",", "A", false)]
    [InlineData("*", "Pipeline__Store__a", false)]
    [InlineData("Pipeline__*", "PIPELINE__Auth__Keys__x", false)]
    public void Patterns_name_what_may_be_read(string? setting, string name, bool isAllowed)
    {
        var variables = DefinitionVariables.Of(setting, _ => Secret);
        Assert.Equal(isAllowed, variables.Allows(name));
        Assert.Equal(isAllowed ? Secret : null, variables.Value(name));
    }

    [Fact]
    public void A_path_and_settings_are_kept_with_what_may_be_shown()
    {
        var definition = Read(
            """
            name: a
            stages: { s: { code: A, from: b, with: { field: 'x ${X}', other: y } } }
            sinks: { f: { from: s, files: { path: 'out/${X}' } } }
            """,
            "X",
            _ => Secret).Definition!;
        Assert.Equal($"x {Secret}", definition.Stages[0].Settings["field"]);
        Assert.Equal("wrong: 'x ${X}'", definition.Stages[0].Shown($"wrong: 'x {Secret}'"));
        var files = Assert.IsType<FileSinkDefinition>(definition.Sinks[0].Target);
        Assert.Equal(($"out/{Secret}", "out/${X}"), (files.Path, files.WrittenPath));
    }

    private static DefinitionOutcome Read(string text, string setting, Func<string, string?> values) =>
        DefinitionReader.Read(text, DefinitionVariables.Of(setting, values));
}
