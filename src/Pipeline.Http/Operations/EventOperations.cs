using Pipeline.Http.Access;
using Pipeline.Http.Api;
using Pipeline.Http.Events;
using Pipeline.Http.Streams;

namespace Pipeline.Http.Operations;

/// <summary>The operations on streams and their events.</summary>
internal static class EventOperations
{
    private const string Reading = """{"deviceId":"dev-1","ts":"2026-01-01T00:00:00Z","temperature":21.5}""";
    private const string CloudEvent =
        """{"specversion":"1.0","id":"1","source":"/plant/1","type":"reading","data":{"deviceId":"dev-1"}}""";

    private static readonly ApiParameter Stream = new("stream", "path", "Name of the stream.", "readings");

    private static readonly ApiProblem NotFound = new(404, "stream-not-found, or not-materialized.");

    public static IReadOnlyList<ApiOperation> All(PostEvents post, GetEvents get, StreamEndpoints streams) =>
    [
        Post(post),
        Get(get),
        new("GET", "/v1/streams", "listStreams", "All streams with their partitions.", streams.ListAsync)
        {
            Tag = "Streams",
            Role = AccessRoles.Reader,
            AnyStream = true,
            Answer = [new("application/json", "Streams")],
            AnswerText = "The streams, by name.",
        },
        new("GET", "/v1/streams/{stream}", "getStream", "One stream with its partitions.", streams.GetAsync)
        {
            Tag = "Streams",
            Role = AccessRoles.Reader,
            Parameters = [Stream],
            Answer = [new("application/json", "Stream")],
            AnswerText = "The stream.",
            Problems = [NotFound],
        },
        new("POST", "/v1/streams/{stream}/watermark", "postWatermark", "Say that no earlier event will come.",
            streams.WatermarkAsync)
        {
            Tag = "Streams",
            Role = AccessRoles.Producer,
            Description = "Durable, in every partition. A time at most maxAhead later than now; {\"end\":true} ends "
                + "the input for good. Repeating it is harmless.",
            Parameters = [Stream],
            Body = [new("application/json", "Watermark", """{"time":"2026-01-01T00:00:00Z"}""")],
            Answer = [new("application/json", "Watermark")],
            AnswerText = "It is durable in every partition.",
            Problems =
            [
                new(400, "malformed."),
                NotFound,
                new(409, "conflict: it is the output of a stage."),
                new(413, "too-large: more than 4 KiB."),
                new(415, "unsupported-media-type: it is application/json alone."),
                new(422, "too-far-ahead."),
                new(503, "not-appended or outcome-unknown: send it again."),
            ],
        },
    ];

    private static ApiOperation Post(PostEvents post) =>
        new("POST", "/v1/streams/{stream}/events", "postEvents", "Append events.", post.HandleAsync)
        {
            Tag = "Streams",
            Role = AccessRoles.Producer,
            Description = "Answers 200 only when the events are durable on a majority of the stores. A refused request "
                + "appends nothing. With a deduplication handle, retrying until 200 gives exactly once. "
                + "Content-Encoding gzip, br or deflate; limits hold for decompressed bytes.",
            Parameters =
            [
                Stream,
                new(IngestHeaders.IdempotencyKey, "header", "Deduplication handle of the whole request.", "\"b3f1\""),
                new(IngestHeaders.ProducerId, "header", "With Producer-Sequence: the other kind of handle.", "truck-7"),
                new(IngestHeaders.ProducerSequence, "header", "Number of the request, from 0, without gaps.", "0"),
                new(IngestHeaders.EventKey, "header", "Key of all events, before the stream's key field.", "dev-1"),
                new("atomic", "query", "true: all partitions or none (501 over more than one partition).", "true"),
            ],
            Body =
            [
                new("application/x-ndjson", "Lines", Reading + "\n"),
                new("application/json", "Value", Reading),
                new("application/cloudevents+json", "Value", CloudEvent),
                new("application/cloudevents-batch+json", "Value", "[" + CloudEvent + "]"),
            ],
            Answer =
            [
                new("application/json", "Accepted",
                    """{"accepted":1,"duplicates":0,"positions":[{"partition":0,"first":4711,"count":1}]}"""),
            ],
            AnswerText = "Durable on a majority of the stores.",
            Problems =
            [
                new(400, "malformed: errors names line and reason; nothing was appended."),
                NotFound,
                new(409, "request-in-progress, producer-gap and producer-forgotten (with expected), "
                    + "not-an-ingest-stream."),
                new(408, "too-slow: the body stopped coming."),
                new(413, "too-large: an event, or the request."),
                new(415, "unsupported-media-type."),
                new(422, "missing-key, key-reused, schema."),
                new(429, "too-fast, too-many-handles: after Retry-After; nothing was appended."),
                new(501, "not-built."),
                new(503, "not-appended (nothing was written), or outcome-unknown (retry with the same handle)."),
            ],
        };

    private static ApiOperation Get(GetEvents get) =>
        new("GET", "/v1/streams/{stream}/events", "getEvents", "Read or tail committed events.", get.HandleAsync)
        {
            Tag = "Streams",
            Role = AccessRoles.Reader,
            Description = "Without a partition, all partitions one after the other. With Accept: text/event-stream the "
                + "answer goes on with every new event; the id of each says every next offset (0:12,1:7; in a short "
                + "form for many partitions).",
            Parameters =
            [
                Stream,
                new("partition", "query", "Only this partition.", "0"),
                new("from", "query", "earliest (default), latest, an offset (with a partition), or an ISO 8601 time "
                    + "of acceptance.", "earliest"),
                new("max", "query", "At most so many events: 1,000 by default, 100,000 at most.", "1000"),
                new("key", "query", "Only the events of this key: from where it says on, all are looked at.", "dev-1"),
                new("consumer", "query", "From where this consumer has come to; it stays there until it commits.",
                    "billing"),
                new("wait", "query", "With a consumer: so long where there is nothing, 60s at most.", "30s"),
                new("trace", "query", "true: with the id of the trace, where one was recorded.", "true"),
                new("Last-Event-ID", "header", "Go on tailing behind this event.", "0:12,1:7"),
            ],
            Answer =
            [
                new("application/x-ndjson", "Event",
                    """{"partition":0,"offset":0,"key":"dev-1","time":"2026-01-01T00:00:00.0000000Z","value":{}}"""),
                new("text/event-stream", "Event"),
            ],
            AnswerText = "The events.",
            Problems =
            [
                new(400, "malformed."),
                new(404, "stream-not-found, not-materialized, consumer-not-found."),
                new(410, "offset-gone, with the first offset there is."),
                new(416, "offset-beyond-end, with first and next."),
                new(503, "unavailable."),
            ],
        };
}
