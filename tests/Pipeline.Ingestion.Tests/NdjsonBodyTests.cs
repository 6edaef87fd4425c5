using System.Text;
using Xunit;

namespace Pipeline.Ingestion.Tests;

public class NdjsonBodyTests
{
    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":2}\n")]
    [InlineData("{\"a\":1}\n{\"a\":2}")]
    [InlineData("\n  \n{\"a\":1}\r\n\t\n{\"a\":2}\r\n\n")]
    [InlineData("  {\"a\":1}  \n\t{\"a\":2}\t\n")]
    public void Each_line_is_an_event_and_blank_lines_are_ignored(string body)
    {
        var parsed = ParsedRequest.Of(body, partitions: 1);

        Assert.Null(parsed.Refusal);
        Assert.Equal(["{\"a\":1}", "{\"a\":2}"], parsed.Events.Select(e => e.Value));
    }

    [Fact]
    public void Values_are_kept_byte_for_byte()
    {
        string[] values =
        [
            """{ "big" : 123456789012345678901234567890 , "exp":1.0e400, "esc":"\u00e9\/" }""",
            "\"plain é text\"",
            "-0",
            "[ 1 , 2 ]",
        ];

        var parsed = ParsedRequest.Of(string.Join('\n', values), partitions: 1);

        Assert.Equal(values, parsed.Events.Select(e => e.Value));
    }

    [Fact]
    public void A_mistake_on_line_7_of_1000_is_named()
    {
        var lines = Enumerable.Range(1, 1000).Select(i => i == 7 ? "{\"a\":}" : $"{{\"a\":{i}}}");

        var error = Assert.Single(ParsedRequest.Of(string.Join('\n', lines)).Refusal!.Errors);

        Assert.Equal((IngestProblem.Malformed, 7, 6, 7), (error.Problem, error.Line, error.Column, error.Event));
    }

    [Fact]
    public void All_mistakes_are_named_up_to_a_limit()
    {
        var refusal = ParsedRequest.Of(string.Join('\n', Enumerable.Repeat("x", 100))).Refusal!;

        Assert.Equal(Enumerable.Range(1, 20), refusal.Errors.Select(e => e.Line));
    }

    [Theory]
    [InlineData("{\"a\":\n1}")]
    [InlineData("[1,\n2]")]
    public void A_value_must_not_run_over_the_end_of_its_line(string body)
    {
        var refusal = ParsedRequest.Of(body).Refusal!;

        Assert.Equal(1, refusal.Errors[0].Line);
        Assert.Equal(IngestProblem.Malformed, refusal.Problem);
    }

    [Fact]
    public void Two_values_on_a_line_are_refused() =>
        Assert.Equal("more than one value on the line", ParsedRequest.Of("{} {}").Refusal!.Errors[0].Reason);

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused_where_they_are()
    {
        byte[] body = [.. "{\"a\":\"é\"}\n{\"a\":\""u8, 0xC3, 0x28, .. "\"}\n{}"u8];

        var error = Assert.Single(ParsedRequest.Of(body).Refusal!.Errors);

        Assert.Equal(("not valid UTF-8", 2, 7), (error.Reason, error.Line, error.Column));
    }

    [Fact]
    public void An_event_over_the_limit_is_too_large_and_one_at_the_limit_is_not()
    {
        static string Text(int bytes) => "\"" + new string('x', bytes - 2) + "\"";

        Assert.Null(ParsedRequest.Of(" " + Text(1 << 20) + " \n").Refusal);
        var refusal = ParsedRequest.Of("1\n" + Text((1 << 20) + 1)).Refusal!;
        Assert.Equal((IngestProblem.TooLarge, 2), (refusal.Problem!.Value, refusal.Errors[0].Line));
    }

    [Fact]
    public void Nesting_up_to_64_is_taken_and_deeper_is_refused()
    {
        static string Nested(int depth) => new string('[', depth) + new string(']', depth);

        Assert.Null(ParsedRequest.Of(Nested(64)).Refusal);
        Assert.Equal("nested deeper than 64", ParsedRequest.Of(Nested(65)).Refusal!.Errors[0].Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n  \r\n")]
    public void A_body_without_events_is_malformed(string body) =>
        Assert.Equal(IngestProblem.Malformed, ParsedRequest.Of(body).Refusal!.Problem);

    [Fact]
    public void Too_many_events_are_refused_before_they_cost_memory()
    {
        var body = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Repeat("1", 1_000_001)));

        Assert.Equal(IngestProblem.TooLarge, ParsedRequest.Of(body).Refusal!.Problem);
    }
}
