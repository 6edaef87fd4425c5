using System.Text.Json;
using Pipeline.Http.Health;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Clusters;
using Pipeline.Runtime.Engine;

namespace Pipeline.Silo.Health;

/// <summary>
/// GET /health/startup: it has joined the cluster. GET /health/ready: and a write goes through. GET
/// /health/live: the process answers; nothing outside of it counts. The answers are those of every host.
/// </summary>
internal sealed class HealthEndpoints(
    ClusterNode node,
    SyntheticCommit commit,
    ISiloStatusOracle silos,
    IHostApplicationLifetime lifetime,
    TimeProvider time)
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private readonly HealthBoard _board = new(time);

    private bool HasOpened => node.Opened.IsCompletedSuccessfully;

    public void Map(WebApplication app)
    {
        app.MapMethods("/health/live", Methods, () => Answer([new CheckResult("process", HealthStatus.Ok, null)]));
        app.MapMethods("/health/startup", Methods, () => Answer(Startup()));
        app.MapMethods("/health/ready", Methods, async () => Answer(await ReadyAsync()));
    }

    private CheckResult[] Startup() =>
    [
        CheckResult.Of("cluster", HealthStatus.Failed, silos.CurrentStatus == SiloStatus.Active
            ? null
            : $"this silo is {silos.CurrentStatus}"),
        CheckResult.Of("stores", HealthStatus.Failed, HasOpened ? null : "they are not open yet"),
    ];

    private async Task<CheckResult[]> ReadyAsync()
    {
        CheckResult[] checks =
        [
            .. Startup(),
            CheckResult.Of("host", HealthStatus.Failed, lifetime.ApplicationStopping.IsCancellationRequested
                ? "it is stopping"
                : null),
        ];
        if (HealthBoard.StatusOf(checks) != HealthStatus.Ok)
        {
            return checks;
        }

        return
        [
            .. checks,
            CheckResult.Of("write", HealthStatus.Failed, await commit.SucceedsAsync()
                ? null
                : "a small write does not go through on a majority of the stores"),
            .. node.Stores.Select(static store => CheckResult.Of($"store {store.Slot}", HealthStatus.Degraded,
                store.Detail ?? (store.IsVoting ? null : "it does not vote"))),
            CheckResult.Of("copies", HealthStatus.Degraded, MissingCopies.Describe(
                node.Stores, node.Partitions.Select(static known => (
                    new PartitionId(known.Stream, known.Status.Partition), known.Status)))),
        ];
    }

    private Answered Answer(IReadOnlyList<CheckResult> checks)
    {
        var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            _board.Write(json, checks);
            json.WriteEndObject();
        }

        return new Answered(body.ToArray(), HealthBoard.StatusOf(checks) == HealthStatus.Failed ? 503 : 200);
    }

    private sealed class Answered(byte[] json, int status) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "application/json";
            response.ContentLength = json.Length;
            response.Headers.CacheControl = "no-store";
            await response.Body.WriteAsync(json, httpContext.RequestAborted);
        }
    }
}
