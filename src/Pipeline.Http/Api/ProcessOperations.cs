using Pipeline.Http.Access;
using Pipeline.Http.Health;
using Pipeline.Http.Metrics;
using Pipeline.Http.Pages;

namespace Pipeline.Http.Api;

/// <summary>The operations that tell how the process is doing.</summary>
internal static class ProcessOperations
{
    public static IReadOnlyList<ApiOperation> All(
        HealthEndpoints health, MetricsEndpoint metrics, ConsolePage console) =>
    [
        new("GET", "/", "console", "The console page.", console.HandleAsync)
        {
            Tag = "Process",
            Answer = [new("text/html", "Page")],
            AnswerText = "The page.",
        },
        new("GET", "/health", "health", "Whether events are accepted.", health.HealthAsync)
        {
            Tag = "Process",
            Description = "200 while events are accepted, 503 (with the same body) before and after.",
            Answer = [new("application/json", "Health")],
            AnswerText = "Events are accepted.",
        },
        new("GET", "/alive", "alive", "Whether the process should be left alone.", health.AliveAsync)
        {
            Tag = "Process",
            Description = "503 only where a restart is the cure: another process took over, or a person must look.",
            Answer = [new("application/json", "Health")],
            AnswerText = "Leave it alone.",
        },
        new("GET", "/metrics", "metrics", "Counters and gauges for Prometheus.", metrics.HandleAsync)
        {
            Tag = "Process",
            Role = AccessRoles.Reader,
            Answer = [new("text/plain", "Metrics")],
            AnswerText = "The metrics.",
        },
    ];
}
