using Pipeline.Runtime.Clusters;

namespace Pipeline.Silo.Health;

/// <summary>
/// GET /health/startup: it has joined the cluster. GET /health/ready: and a write goes through. GET
/// /health/live: the process answers; nothing outside of it counts.
/// </summary>
internal sealed class HealthEndpoints(
    ClusterNode node, SyntheticCommit commit, ISiloStatusOracle silos, IHostApplicationLifetime lifetime)
{
    private bool IsActive => silos.CurrentStatus == SiloStatus.Active;

    public void Map(WebApplication app)
    {
        app.MapGet("/health/live", static () => Results.Text("live"));
        app.MapGet("/health/startup", () => Answer(IsActive && node.Opened.IsCompletedSuccessfully, "started"));
        app.MapGet("/health/ready", async () => Answer(await IsReadyAsync(), "ready"));
    }

    private async Task<bool> IsReadyAsync() =>
        IsActive && node.Opened.IsCompletedSuccessfully && !lifetime.ApplicationStopping.IsCancellationRequested
        && await commit.SucceedsAsync();

    private static IResult Answer(bool isSo, string what) => isSo
        ? Results.Text(what)
        : Results.Text($"not {what}", statusCode: StatusCodes.Status503ServiceUnavailable);
}
