using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Brings up what the catalog holds when a host starts.</summary>
internal sealed class PipelineLoad(KeeperCore core)
{
    public async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        if (await core.Catalog.OpenAsync(cancellationToken) is not { } state)
        {
            return false;
        }

        var streams = state.Streams.Select(stream => new CatalogedStream(stream, core.Host.Partitions)).ToList();
        var byName = streams.ToDictionary(stream => stream.Name);
        var plans = state.Pipelines.Select(entry => (Entry: entry, Outcome: core.Plan(state, entry))).ToList();
        var others = plans.Select(plan => (plan.Entry, plan.Outcome.Plan)).ToList();
        var running = plans.Select(plan => core.Build(plan.Entry, plan.Outcome, byName, others)).ToList();
        core.View = KeeperView.Of(state, streams, running);
        running.ForEach(KeeperCore.Start);
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
            core.View = core.View.At(after);
        }
    }
}
