namespace Pipeline.Runtime.Pipelines;

/// <summary>Brings up what the catalog holds when a host starts.</summary>
internal sealed class PipelineLoad(KeeperCore core, Reconciler reconciler)
{
    public async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        if (await core.Catalog.ClaimAsync(cancellationToken) is not { } state)
        {
            return false;
        }

        await reconciler.ReconcileAsync(state);
        return true;
    }
}
