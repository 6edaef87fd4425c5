using Pipeline.Runtime.Clusters;

namespace Pipeline.Silo.Health;

/// <summary>
/// GET /health/startup: it has joined the cluster. GET /health/ready: and a majority of the stores commits. GET
/// /health/live: the process answers; nothing outside of it counts.
/// </summary>
internal sealed class HealthEndpoints(
    ClusterNode node, ISiloStatusOracle silos, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private bool IsActive => silos.CurrentStatus == SiloStatus.Active;

    public void Map(WebApplication app)
    {
        app.MapGet("/health/live", static () => Results.Text("live"));
        app.MapGet("/health/startup", () => Answer(IsActive && node.Opened.IsCompletedSuccessfully, "started"));
        app.MapGet("/health/ready", async (HttpContext context) => Answer(await IsReadyAsync(context), "ready"));
    }

    /// <summary>Reading the catalog is a round of its register over a majority of the stores.</summary>
    private async Task<bool> IsReadyAsync(HttpContext context)
    {
        if (!IsActive || !node.Opened.IsCompletedSuccessfully || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(Patience);
        try
        {
            return await node.ReadCatalogAsync(limit.Token) is not null;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static IResult Answer(bool isSo, string what) => isSo
        ? Results.Text(what)
        : Results.Text($"not {what}", statusCode: StatusCodes.Status503ServiceUnavailable);
}
