using Pipeline.Http.Access;
using Pipeline.Http.Api;
using Pipeline.Http.History;

namespace Pipeline.Http.Operations;

/// <summary>The operation that shows the last hour.</summary>
internal static class HistoryOperations
{
    public static IReadOnlyList<ApiOperation> All(HistoryEndpoint history) =>
    [
        new("GET", "/v1/history", "getHistory", "The last hour, a value each five seconds.", history.HandleAsync)
        {
            Tag = "Process",
            Role = AccessRoles.Reader,
            Description = "Kept in memory, so it begins when the process did. A series of the host is about this "
                + "process alone, as what it accepted; one of the service about all, as this process knows it.",
            Parameters = [new("after", "query", "Only what is later than this time.", "2026-01-01T00:00:00Z")],
            Answer = [new("application/json", "History")],
            AnswerText = "The series; null where nothing is known of that moment.",
            Problems = [new(400, "malformed.")],
        },
    ];
}
