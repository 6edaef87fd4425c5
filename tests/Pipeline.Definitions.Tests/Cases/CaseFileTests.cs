using Pipeline.Definitions.Cases;
using Xunit;

namespace Pipeline.Definitions.Tests.Cases;

public sealed class CaseFileTests
{
    [Fact]
    public void Values_are_JSON_s_without_quotes_and_text_otherwise()
    {
        var file = Read("""
            cases:
              - name: a
                given:
                  - stream: s
                    at: 2026-01-01T00:00:00Z
                    events:
                      - { a: 1.50, b: true, c: null, d: 2026-01-01T00:00:00Z, e: "1", f: 007, g: [-1e3], h: '${X}' }
                      - {"json": {"as": ["it", 1, "is"]}}
                expect: {}
            """);

        Assert.Equal(
            [
                """{"a":1.50,"b":true,"c":null,"d":"2026-01-01T00:00:00Z","e":"1","f":"007","g":[-1e3],"h":"${X}"}""",
                """{"json":{"as":["it",1,"is"]}}""",
            ],
            file.Cases[0].Given[0].Events.Select(static written => written.Json));
        Assert.Equal(new TextPosition(7, 13), file.Cases[0].Given[0].Events[0].Position);
    }

    [Fact]
    public void Steps_and_expectations_are_read()
    {
        var file = Read("""
            pipeline: other.yaml
            cases:
              - name: a
                given:
                  - { at: 2026-01-01T00:00:00Z, stream: s, key: k, events: [1] }
                  - { watermark: 2026-01-01T00:00:10Z }
                  - { at: 2026-01-01T00:01:00Z }
                expect:
                  x: []
                  x.late: { ordered: true, rows: [{ a: 1 }] }
                  dead-letters: [{ cause: no, stage: x }]
            """);

        Assert.Equal("other.yaml", file.Pipeline!.Value);
        var (one, start) = (file.Cases[0], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks);
        Assert.Equal([start, null, start + TimeSpan.TicksPerMinute], one.Given.Select(static step => step.At));
        Assert.Equal([null, start + (10 * TimeSpan.TicksPerSecond), null],
            one.Given.Select(static step => step.Watermark));
        Assert.Equal(["x False 0", "x.late True 1"], one.Expect.Select(
            static expected => $"{expected.Of.Value} {expected.IsOrdered} {expected.Rows.Count}"));
        Assert.Equal(("no", "x"), (one.Letters.Value[0].Cause, one.Letters.Value[0].Stage));
    }

    [Theory]
    [InlineData("", "1:1: The test file is empty.")]
    [InlineData("cases: []", "1:1: A test file needs 'cases': a list of at least one case.")]
    [InlineData("case: [{}]", "1:1: A test file has no field 'case'. Did you mean 'cases'?")]
    [InlineData("cases: [{ name: a }]", "1:9: A case lacks the field 'expect': what comes out of which stage.")]
    [InlineData("cases: [{ name: a, expect: {} }, { name: a, expect: {} }]", "1:34: A second case 'a'.")]
    [InlineData("cases: [{ name: a, expect: { x: 1 } }]", "1:33: 'x' must be a list, not text.")]
    [InlineData("cases: [{ name: a, expect: { x: {} } }]", "1:33: 'x' must be a list of rows, or")]
    [InlineData("cases: [{ name: a, given: [{ stream: s, events: [] }], expect: {} }]",
        "1:28: The first entry of 'given' needs 'at': when it happens.")]
    [InlineData("cases: [{ name: a, given: [{ stream: s, at: 2026-01-01 }], expect: {} }]",
        "1:28: An entry of 'given' is one of { stream, at, events, and perhaps key }")]
    [InlineData("cases: [{ name: a, given: [{ at: noon }], expect: {} }]",
        "1:34: An entry of 'given': 'at' must be a time as 2026-01-31T10:20:30Z, not 'noon'.")]
    [InlineData("cases: [{ name: a, given: [{ at: 2026-01-02 }, { at: 2026-01-01 }], expect: {} }]",
        "1:48: 'at' lies before that of the entry before: time only goes on.")]
    [InlineData("cases: [{ name: a, expect: { dead-letters: [{ reason: x }] } }]",
        "1:47: A dead letter has no field 'reason'.")]
    [InlineData("cases: &a []", "1:8: Anchors (&name) are not read in test files: write each value out.")]
    public void Mistakes_are_told_with_their_place(string text, string mistake) =>
        Assert.Contains(CaseFileReader.Read(text).Errors,
            error => error.ToString().StartsWith(mistake, StringComparison.Ordinal));

    [Fact]
    public void What_a_file_may_hold_is_bounded()
    {
        static string Listed(string item, int count) => $"[{string.Join(',', Enumerable.Repeat(item, count))}]";

        Assert.Equal("A test file: 'cases' has at most 1000 entries.", First($"cases: {Listed("{}", 1_001)}"));
        var step = $"{{ stream: s, at: 2026-01-01, events: {Listed("1", 60_000)} }}";
        Assert.Equal("A test file has at most 100000 events and rows.",
            First($"cases: [{{ name: a, expect: {{}}, given: {Listed(step, 2)} }}]"));
        Assert.Equal("A case: 'given' has at most 10000 entries.",
            First($"cases: [{{ name: a, expect: {{}}, given: {Listed("{ at: 2026-01-01 }", 10_001)} }}]"));
    }

    private static string First(string text) => CaseFileReader.Read(text).Errors[0].Message;

    private static CaseFile Read(string text)
    {
        var outcome = CaseFileReader.Read(text);
        Assert.Empty(outcome.Errors);
        return outcome.File!;
    }
}
