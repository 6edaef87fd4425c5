namespace Pipeline.TestKit.HttpContract;

/// <summary>POST of CloudEvents, structured, binary and in batches.</summary>
public abstract class CloudEventsContract(HttpService service)
{
    private static string Event(string id, string more = "\"data\":{\"k\":\"ce\"}") =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"/tests","type":"t",{{more}}}""";

    [Fact]
    public async Task A_structured_event_keeps_its_attributes_beside_its_data()
    {
        var body = Event("structured", "\"partitionkey\":\"ce-structured\",\"data\":{\"n\":1}");
        Assert.Equal(200, (await service.PostAsync("keyed", body, "application/cloudevents+json")).Status);

        var read = Assert.Single(await service.EventsAsync("keyed"), e => (string?)e["key"] == "ce-structured");

        Assert.Equal("{\"n\":1}", read["value"]!.ToJsonString());
        Assert.Equal("structured", (string?)read["cloudevent"]!["id"]);
    }

    [Fact]
    public async Task A_binary_event_keeps_its_headers_beside_its_body()
    {
        var reply = await service.PostAsync(
            "keyed", "{\"k\":\"ce-binary\"}", "application/json", "ce-specversion: 1.0", "ce-id: b1",
            "ce-source: /tests", "ce-type: t", "ce-subject: caf%C3%A9");
        Assert.True(reply.Status == 200, reply.ToString());

        var read = Assert.Single(await service.EventsAsync("keyed"), e => (string?)e["key"] == "ce-binary");

        Assert.Equal("café", (string?)read["cloudevent"]!["subject"]);
        Assert.Equal("application/json", (string?)read["cloudevent"]!["datacontenttype"]);
    }

    [Fact]
    public async Task Events_of_a_batch_are_deduplicated_one_by_one()
    {
        var first = await service.PostAsync(
            "keyed", $"[{Event("d1")},{Event("d2")}]", "application/cloudevents-batch+json");
        var second = await service.PostAsync(
            "keyed", $"[{Event("d2")},{Event("d3")}]", "application/cloudevents-batch+json");

        Assert.Equal((2, 0), (first.Accepted, first.Duplicates));
        Assert.Equal((1, 1), (second.Accepted, second.Duplicates));
        Assert.Equal(2, second.Json["positions"]!.AsArray().Sum(p => (int)p!["count"]!));
    }

    [Fact]
    public async Task The_same_event_twice_in_a_batch_is_written_once()
    {
        var reply = await service.PostAsync(
            "keyed", $"[{Event("twice")},{Event("twice")}]", "application/cloudevents-batch+json");

        Assert.Equal((200, 1, 1), (reply.Status, reply.Accepted, reply.Duplicates));
    }

    [Theory]
    [InlineData("Idempotency-Key: a")]
    [InlineData("Producer-Id: a")]
    public async Task A_second_handle_is_malformed(string header)
    {
        var reply = await service.PostAsync("keyed", Event("h"), "application/cloudevents+json", header);

        Assert.Equal((400, "malformed"), (reply.Status, reply.Problem));
    }

    [Fact]
    public async Task A_binary_event_without_its_attributes_is_malformed()
    {
        var reply = await service.PostAsync("keyed", "{}", "application/json", "ce-specversion: 1.0", "ce-id: x");

        Assert.Equal((400, "malformed"), (reply.Status, reply.Problem));
    }
}
