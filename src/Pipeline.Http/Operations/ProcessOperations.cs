using Microsoft.AspNetCore.Http;
using Pipeline.Http.Access;
using Pipeline.Http.Api;
using Pipeline.Http.Health;
using Pipeline.Http.Pages;
using Pipeline.Monitoring.Metrics;

namespace Pipeline.Http.Operations;

/// <summary>The operations that tell how the process is doing.</summary>
internal static class ProcessOperations
{
    private const string Accepting = "Whether events are accepted. With a store lost they are: status is degraded.";
    private const string Living = "Whether the process should be left alone. 503 only where a restart is the cure: "
        + "another process took over, or a person must look.";

    public static IReadOnlyList<ApiOperation> All(
        HealthEndpoints health, MetricsEndpoint metrics, ConsolePage console) =>
    [
        new("GET", "/", "console", "The console page.", console.HandleAsync)
        {
            Tag = "Process",
            Answer = [new("text/html", "Page")],
            AnswerText = "The page.",
        },
        Health("/health", "health", health.ReadyAsync, Accepting),
        Health("/health/ready", "healthReady", health.ReadyAsync, Accepting),
        Health("/health/startup", "healthStartup", health.StartupAsync,
            "Whether it has started: definitions are applied. Once it has, it stays so."),
        Health("/health/live", "healthLive", health.LiveAsync, Living),
        Health("/alive", "alive", health.LiveAsync, Living),
        new("GET", "/metrics", "metrics", "Counters and gauges for Prometheus.", metrics.HandleAsync)
        {
            Tag = "Process",
            Role = AccessRoles.Reader,
            Answer = [new("text/plain", "Metrics"), new("application/openmetrics-text", "Metrics")],
            AnswerText = "The metrics.",
        },
    ];

    private static ApiOperation Health(string path, string id, RequestDelegate handler, string summary) =>
        new("GET", path, id, summary, handler)
        {
            Tag = "Process",
            Description = "200, or 503 with the same body where the status is failed.",
            Answer = [new("application/json", "Health")],
            AnswerText = "Its status is ok or degraded.",
        };
}
