using Pipeline.Http.Access;
using Pipeline.Http.Alerts;
using Pipeline.Http.Api;

namespace Pipeline.Http.Operations;

/// <summary>The operations on alerts.</summary>
internal static class AlertOperations
{
    public static IReadOnlyList<ApiOperation> All(AlertEndpoints alerts) =>
    [
        new("GET", "/v1/alerts", "getAlerts", "Alerts that fire, and all rules.", alerts.GetAsync)
        {
            Tag = "Alerts",
            Role = AccessRoles.Reader,
            Description = "As this process sees them. What was said, and silences, are the same on every front.",
            Answer = [new("application/json", "Alerts")],
            AnswerText = "The alerts.",
        },
        new("POST", "/v1/alerts/test", "testAlerts", "Send a test to all targets, once.", alerts.TestAsync)
        {
            Tag = "Alerts",
            Role = AccessRoles.Operator,
            Answer = [new("application/json", "AlertTest")],
            AnswerText = "Whether it arrived, for each target.",
            Problems = [new(409, "conflict: there is no target.")],
        },
        new("POST", "/v1/alerts/{name}/silence", "silenceAlert", "Tell nobody of an alert for a time.",
            alerts.SilenceAsync)
        {
            Tag = "Alerts",
            Role = AccessRoles.Operator,
            Description = "Durable, and the same on every front. 0s ends it now.",
            Parameters = [new("name", "path", "The alert's name.", "store-lost")],
            Body = [new("application/json", "Silence", "{\"for\":\"1h\"}")],
            Answer = [new("application/json", "Silenced")],
            AnswerText = "It is silent until then.",
            Problems = [new(400, "malformed."), new(404, "not-found."), new(415, "unsupported-media-type."),
                new(503, "unavailable: the front that tells does not know of it.")],
        },
    ];
}
