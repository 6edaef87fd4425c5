namespace Pipeline.Runtime.Pipelines;

/// <summary>Pauses and resumes a pipeline, durably.</summary>
internal sealed class PipelinePause(KeeperCore core)
{
    public async Task<PipelineOutcome> SetAsync(string name, bool isPaused, CancellationToken cancellationToken)
    {
        if (!core.View.Pipelines.TryGetValue(name, out var running))
        {
            return new PipelineOutcome(PipelineOutcomeStatus.NotFound, $"There is no pipeline '{name}'.");
        }

        if (running.Entry.IsPaused == isPaused)
        {
            return new PipelineOutcome(PipelineOutcomeStatus.Done);
        }

        var state = await core.Catalog.ChangeAsync(
            current => current with
            {
                Pipelines = [.. current.Pipelines.Select(pipeline =>
                    pipeline.Name == name ? pipeline with { IsPaused = isPaused } : pipeline)],
            },
            cancellationToken);
        if (state is null)
        {
            return new PipelineOutcome(PipelineOutcomeStatus.Unavailable, "No majority of stores answered; try again.");
        }

        core.View = core.View.At(state);
        var entry = running.Entry with { IsPaused = isPaused };
        if (isPaused)
        {
            core.View = core.View.With(running with { Entry = entry });
            await core.StopAsync(running.Instances, withCheckpoint: true);
        }
        else
        {
            var others = core.View.Pipelines.Values.Select(pipeline => (pipeline.Entry, pipeline.Plan));
            var again = core.Build(running with { Entry = entry }, core.View.Streams, others);
            core.View = core.View.With(again);
            KeeperCore.Start(again);
        }

        return new PipelineOutcome(PipelineOutcomeStatus.Done);
    }
}
