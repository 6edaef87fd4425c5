using Pipeline.Kernel.Codecs;
using Xunit;

namespace Pipeline.Ingestion.Tests;

public class CloudEventBodyTests
{
    private const string Head = """
        "specversion":"1.0","id":"1","source":"/s","type":"t"
        """;

    [Fact]
    public void Data_is_the_value_and_the_attributes_are_kept_beside_it()
    {
        var parsed = ParsedRequest.Of(
            "{" + Head + ", \"n\" : 5 ,\"data\": {\"k\" : 1.0} ,\"subject\":\"x\",\"gone\":null}",
            BodyFormat.CloudEvent, "k");

        var only = Assert.Single(parsed.Events);
        Assert.Equal("{\"k\" : 1.0}", only.Value);
        Assert.Equal("1.0", only.Key);
        Assert.Equal("{" + Head + ",\"n\":5,\"subject\":\"x\"}", only.Attributes);
        Assert.Equal(HandleKind.Event, Assert.Single(parsed.Headers).HandleKind);
    }

    [Fact]
    public void Partitionkey_goes_before_the_streams_key()
    {
        var parsed = ParsedRequest.Of(
            "{" + Head + ",\"partitionkey\":\"p\",\"data\":{\"k\":1}}", BodyFormat.CloudEvent, "k");

        Assert.Equal("p", parsed.Events.Single().Key);
    }

    [Fact]
    public void A_batch_holds_events_with_a_handle_each()
    {
        var parsed = ParsedRequest.Of(
            "[{" + Head + ",\"data\":1},{" + Head.Replace("\"1\"", "\"2\"") + ",\"data_base64\":\"AQI=\"}]",
            BodyFormat.CloudEventBatch, partitions: 1);

        Assert.Equal(["1", "\"AQI=\""], parsed.Events.Select(e => e.Value));
    }

    [Fact]
    public void An_event_without_data_has_the_value_null() =>
        Assert.Equal("null", ParsedRequest.Of("{" + Head + "}", BodyFormat.CloudEvent).Events.Single().Value);

    [Theory]
    [InlineData("{}", "the attribute 'id' is missing or not a string")]
    [InlineData("""{"specversion":"0.3","id":"1","source":"/s","type":"t"}""", "specversion must be \"1.0\"")]
    [InlineData("""{"specversion":"1.0","id":"","source":"/s","type":"t"}""",
        "the attribute 'id' is missing or not a string")]
    [InlineData("""{"Bad":"1"}""", "an attribute's name has lower-case letters and digits only")]
    [InlineData("""{"a":{}}""", "an attribute is a string, a number or a boolean")]
    [InlineData("""{"data":1,"data_base64":""}""", "a CloudEvent has either data or data_base64, once")]
    [InlineData("""{"data_base64":"%"}""", "data_base64 is not Base64")]
    [InlineData("[]", "a CloudEvent is a JSON object")]
    [InlineData("""{"a":1""", "',' or '}' is missing")]
    public void What_is_no_CloudEvent_is_refused(string body, string reason) =>
        Assert.Equal(reason, ParsedRequest.Of(body, BodyFormat.CloudEvent).Refusal!.Errors[0].Reason);

    [Fact]
    public void Data_may_nest_to_64_by_itself()
    {
        static string Body(int depth) =>
            "[{" + Head + ",\"data\":" + new string('[', depth) + new string(']', depth) + "}]";

        Assert.Null(ParsedRequest.Of(Body(64), BodyFormat.CloudEventBatch).Refusal);
        Assert.NotNull(ParsedRequest.Of(Body(65), BodyFormat.CloudEventBatch).Refusal);
    }
}
