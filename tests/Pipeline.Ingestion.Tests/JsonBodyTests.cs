using Xunit;

namespace Pipeline.Ingestion.Tests;

public class JsonBodyTests
{
    [Fact]
    public void A_single_value_is_one_event() =>
        Assert.Equal("{\"a\":\n 1}", ParsedRequest.Of(" {\"a\":\n 1} \n", BodyFormat.Json).Events.Single().Value);

    [Fact]
    public void An_array_holds_events() => Assert.Equal(
        ["{\"a\":1}", "[2]", "3"],
        ParsedRequest.Of("[ {\"a\":1} ,\n[2],3 ]", BodyFormat.Json, partitions: 1).Events.Select(e => e.Value));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[1,]")]
    [InlineData("[1")]
    [InlineData("[1]x")]
    [InlineData("1 2")]
    [InlineData("{")]
    [InlineData("[1}")]
    public void Anything_else_is_malformed(string body) =>
        Assert.Equal(IngestProblem.Malformed, ParsedRequest.Of(body, BodyFormat.Json).Refusal!.Problem);

    [Fact]
    public void A_mistake_is_named_by_line_and_event()
    {
        var error = Assert.Single(ParsedRequest.Of("[1,\n2,\n {\"a\":tru}]", BodyFormat.Json).Refusal!.Errors);

        Assert.Equal((3, 7, 3), (error.Line, error.Column, error.Event));
    }

    [Fact]
    public void Events_without_key_are_all_named()
    {
        var refusal = ParsedRequest.Of("[{\"k\":1},{},{\"k\":2},{}]", BodyFormat.Json, "k").Refusal!;

        Assert.Equal([2, 4], refusal.Errors.Select(e => e.Event));
        Assert.Equal(IngestProblem.MissingKey, refusal.Problem);
    }

    [Fact]
    public void An_element_may_nest_to_64_by_itself()
    {
        var nested = new string('[', 64) + new string(']', 64);

        Assert.Null(ParsedRequest.Of($"[{nested}]", BodyFormat.Json).Refusal);
    }
}
