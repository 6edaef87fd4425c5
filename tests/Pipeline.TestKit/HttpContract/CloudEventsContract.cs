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

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", 200)]
    [InlineData("2026-01-02t03:04:05.123456789z", 200)]
    [InlineData("2026-01-02T03:04:05-08:00", 200)]
    [InlineData("2016-12-31T23:59:60Z", 200)]
    [InlineData("2024-02-29T00:00:00Z", 200)]
    [InlineData("yesterday", 400)]
    [InlineData("", 400)]
    [InlineData("2026-01-02", 400)]
    [InlineData("2026-01-02 03:04:05Z", 400)]
    [InlineData("2026-01-02T03:04:05", 400)]
    [InlineData("2026-01-02T03:04:05.Z", 400)]
    [InlineData("2026-01-02T24:00:00Z", 400)]
    [InlineData("2026-02-29T00:00:00Z", 400)]
    [InlineData("2026-13-01T00:00:00Z", 400)]
    [InlineData("2026-01-02T03:04:05+24:00", 400)]
    [InlineData("1767225600", 400)]
    public async Task The_time_of_an_event_is_of_RFC_3339(string time, int status)
    {
        var structured = await service.PostAsync(
            "plain", Event($"time-{time}", $"\"time\":\"{time}\",\"data\":1"), "application/cloudevents+json");
        var batch = await service.PostAsync(
            "plain", $"[{Event($"times-{time}", $"\"time\":\"{time}\",\"data\":1")}]",
            "application/cloudevents-batch+json");
        var binary = await service.PostAsync(
            "plain", "1", "application/json", "ce-specversion: 1.0", $"ce-id: binary-{time}", "ce-source: /tests",
            "ce-type: t", $"ce-time: {time}");

        Assert.Equal((status, status, status), (structured.Status, batch.Status, binary.Status));
        Assert.True(status == 200 || structured.Problem == "malformed", structured.ToString());
        Assert.True(status == 200 || binary.Problem == "malformed", binary.ToString());
    }

    [Fact]
    public async Task The_time_of_an_event_is_no_number()
    {
        var reply = await service.PostAsync(
            "plain", Event("time-number", "\"time\":5,\"data\":1"), "application/cloudevents+json");

        Assert.Equal((400, "malformed"), (reply.Status, reply.Problem));
    }

    [Theory]
    [InlineData("say \\\"hi\\\" c:\\\\x", "say \"hi\" c:\\x", true)]
    [InlineData("caf%C3%A9 %22q%22", "café \"q\"", false)]
    [InlineData("caf%C3%A9 %22q%22", "café \"q\"", true)]
    [InlineData("a\\b", "a\\b", false)]
    [InlineData("100%25 %2541", "100% %41", false)]
    [InlineData("half\\", "half\\", true)]
    public async Task A_header_s_value_is_unquoted_and_decoded_once(string header, string subject, bool isQuoted)
    {
        var id = Guid.NewGuid().ToString("N");
        var reply = await service.PostAsync(
            "keyed", $"{{\"k\":\"{id}\"}}", "application/json", "ce-specversion: 1.0", $"ce-id: {id}",
            "ce-source: /tests", "ce-type: t", $"ce-subject: {(isQuoted ? $"\"{header}\"" : header)}");
        Assert.True(reply.Status == 200, reply.ToString());

        var read = Assert.Single(await service.EventsAsync("keyed", "max=100000"), e => (string?)e["key"] == id);

        Assert.Equal(subject, (string?)read["cloudevent"]!["subject"]);
    }

    [Theory]
    [InlineData("half%", "percent")]
    [InlineData("%zz", "percent")]
    [InlineData("%ff", "UTF-8")]
    [InlineData("%C3", "UTF-8")]
    public async Task A_header_s_value_that_cannot_be_decoded_is_malformed(string subject, string reason)
    {
        var reply = await service.PostAsync(
            "plain", "1", "application/json", "ce-specversion: 1.0", $"ce-id: bad-{subject.Length}{reason}",
            "ce-source: /tests", "ce-type: t", $"ce-subject: {subject}");

        Assert.Equal((400, "malformed"), (reply.Status, reply.Problem));
        Assert.Contains(reason, (string?)reply.Json["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+\\/8=", 200)]
    [InlineData("\\u002B/8=", 200)]
    [InlineData("+/8=", 200)]
    [InlineData("", 200)]
    [InlineData("+\\n/8=", 400)]
    [InlineData("+/8", 400)]
    [InlineData("\\u00E9/8=", 400)]
    public async Task Base64_may_be_written_with_escapes(string data, int status)
    {
        var id = $"base64-{data}".Replace("\\", "-", StringComparison.Ordinal);
        var reply = await service.PostAsync(
            "plain", Event(id, $"\"data_base64\":\"{data}\""), "application/cloudevents+json");

        Assert.True(reply.Status == status, reply.ToString());
    }
}
