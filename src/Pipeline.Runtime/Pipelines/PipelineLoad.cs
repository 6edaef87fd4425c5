using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Brings up what the catalog holds when a host starts.</summary>
internal sealed class PipelineLoad(KeeperCore core, Reconciler reconciler)
{
    public async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        if (await core.Catalog.OpenAsync(cancellationToken) is not { } state)
        {
            return false;
        }

        await reconciler.ReconcileAsync(state);
        await DropAsync(state, cancellationToken);
        return true;
    }

    /// <summary>Deletes the blobs of logs that the catalog dropped, and then forgets them.</summary>
    private async Task DropAsync(CatalogState state, CancellationToken cancellationToken)
    {
        if (state.Dropped.Count == 0)
        {
            return;
        }

        foreach (var log in state.Dropped)
        {
            await core.Host.Partitions.DeleteAsync(log, cancellationToken);
        }

        var after = await core.Catalog.ChangeAsync(
            current => current with { Dropped = [.. current.Dropped.Except(state.Dropped)] }, cancellationToken);
        if (after is not null)
        {
            await reconciler.ReconcileAsync(after.State);
        }
    }
}
