namespace Pipeline.Runtime.Pipelines;

/// <summary>Pauses and resumes a pipeline, durably: the catalog says so first.</summary>
internal sealed class PipelinePause(KeeperCore core, Reconciler reconciler, Mending mending)
{
    public async Task<PipelineOutcome> SetAsync(
        string name, bool isPaused, long? ifGeneration, CancellationToken cancellationToken)
    {
        if (!await mending.TryAsync())
        {
            return PipelineOutcome.Of(core.Away);
        }

        if (!core.View.Pipelines.TryGetValue(name, out var running))
        {
            return new PipelineOutcome(PipelineOutcomeStatus.NotFound, $"There is no pipeline '{name}'.");
        }

        if (core.Expected(name, ifGeneration) is { } refused)
        {
            return refused;
        }

        if (running.Entry.IsPaused == isPaused)
        {
            return new PipelineOutcome(PipelineOutcomeStatus.Done);
        }

        var change = await core.ChangeAsync(
            current => current with
            {
                Pipelines = [.. current.Pipelines.Select(pipeline =>
                    pipeline.Name == name ? pipeline with { IsPaused = isPaused } : pipeline)],
            },
            cancellationToken);
        if (change is not { } answered)
        {
            mending.Look();
            return PipelineOutcome.Of(core.Unchanged);
        }

        await reconciler.ReconcileAsync(answered.State);
        return answered.State.Pipeline(name) is null
            ? new PipelineOutcome(PipelineOutcomeStatus.NotFound, $"There is no pipeline '{name}'.")
            : new PipelineOutcome(PipelineOutcomeStatus.Done);
    }
}
