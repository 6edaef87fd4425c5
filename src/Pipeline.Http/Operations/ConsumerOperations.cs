using Pipeline.Http.Access;
using Pipeline.Http.Api;
using Pipeline.Http.Consumers;

namespace Pipeline.Http.Operations;

/// <summary>The operations on named consumers.</summary>
internal static class ConsumerOperations
{
    private const string Path = "/v1/streams/{stream}/consumers";
    private const string One = Path + "/{consumer}";

    private static readonly ApiParameter Stream = new("stream", "path", "Name of the stream.", "readings");
    private static readonly ApiParameter Name = new("consumer", "path", "Name of the consumer.", "billing");

    private static readonly ApiProblem NoStream = new(404, "stream-not-found, or not-materialized.");
    private static readonly ApiProblem NotFound = new(404, "consumer-not-found, stream-not-found, not-materialized.");
    private static readonly ApiProblem Unavailable = new(503, "unavailable: no majority of stores; send it again.");

    public static IReadOnlyList<ApiOperation> All(ConsumerEndpoints consumers) =>
        [.. Kept(consumers), Commit(consumers)];

    private static IEnumerable<ApiOperation> Kept(ConsumerEndpoints consumers) =>
    [
        new("GET", Path, "listConsumers", "A stream's consumers.", consumers.ListAsync)
        {
            Tag = "Consumers",
            Role = AccessRoles.Reader,
            Parameters = [Stream],
            Answer = [new("application/json", "Consumers")],
            AnswerText = "The consumers, by name.",
            Problems = [NoStream, Unavailable],
        },
        new("GET", One, "getConsumer", "How far a consumer has come.", consumers.GetAsync)
        {
            Tag = "Consumers",
            Role = AccessRoles.Reader,
            Parameters = [Stream, Name],
            Answer = [new("application/json", "Consumer")],
            AnswerText = "The consumer.",
            Problems = [NotFound, Unavailable],
        },
        new("PUT", One, "putConsumer", "Make a consumer.", consumers.PutAsync)
        {
            Tag = "Consumers",
            Role = AccessRoles.Operator,
            Description = "From then on retention keeps what it has not done, unless it is hard. One that there is "
                + "stays as it is.",
            Parameters =
            [
                Stream,
                Name,
                new("from", "query", "Where it begins: earliest (default), latest, or an ISO 8601 time.", "latest"),
            ],
            Answer = [new("application/json", "Consumer")],
            AnswerText = "It is there, on a majority of the stores.",
            Problems =
            [
                new(400, "malformed: its name, or from."),
                NoStream,
                new(409, "too-many-consumers."),
                Unavailable,
            ],
        },
        new("DELETE", One, "deleteConsumer", "End a consumer.", consumers.DeleteAsync)
        {
            Tag = "Consumers",
            Role = AccessRoles.Operator,
            Parameters = [Stream, Name],
            Answer = [new("application/json", "Applied")],
            AnswerText = "It is gone.",
            Problems = [NotFound, Unavailable],
        },
    ];

    private static ApiOperation Commit(ConsumerEndpoints consumers) =>
        new("POST", One + "/commit", "commitConsumer", "Say how far a consumer has come.", consumers.CommitAsync)
        {
            Tag = "Consumers",
            Role = AccessRoles.Reader,
            Description = "By partition the next event that it has not done; partitions that are not named stay where "
                + "they are. All of it is taken, or nothing. Repeating it is harmless.",
            Parameters = [Stream, Name, new("reset", "query", "true: it may go back.", "true")],
            Body = [new("application/json", "Commit", """{"offsets":{"0":12}}""")],
            Answer = [new("application/json", "Consumer")],
            AnswerText = "Durable on a majority of the stores.",
            Problems =
            [
                new(400, "malformed."),
                NotFound,
                new(409, "offset-backwards: it has come further already."),
                new(410, "offset-gone: with reset, what it would go back to is not kept any more."),
                new(413, "too-large: more than 64 KiB."),
                new(415, "unsupported-media-type."),
                new(416, "offset-beyond-end."),
                Unavailable,
            ],
        };
}
