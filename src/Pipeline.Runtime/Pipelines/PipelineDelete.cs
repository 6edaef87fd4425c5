using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Ends a pipeline, and its streams where that is asked for.</summary>
internal sealed class PipelineDelete(KeeperCore core)
{
    public async Task<PipelineOutcome> DeleteAsync(string name, bool deleteStreams, CancellationToken cancellationToken)
    {
        if (!core.View.Pipelines.TryGetValue(name, out var running))
        {
            return new PipelineOutcome(PipelineOutcomeStatus.NotFound, $"There is no pipeline '{name}'.");
        }

        List<CatalogStream> dropped = [.. core.View.State.Streams
            .Where(stream => deleteStreams && stream.Definition.Pipeline == name)];
        if (Reader(name, dropped) is { } reader)
        {
            return new PipelineOutcome(PipelineOutcomeStatus.Conflict, reader);
        }

        await core.StopAsync(running.Instances, withCheckpoint: true);
        var state = await core.Catalog.ChangeAsync(current => Without(current, name, dropped), cancellationToken);
        if (state is null)
        {
            return new PipelineOutcome(PipelineOutcomeStatus.Unavailable, "No majority of stores answered; try again.");
        }

        var gone = dropped.Select(stream => core.View.Streams[stream.Definition.Name]).ToList();
        core.View = KeeperView.Of(
            state,
            [.. core.View.Streams.Values.Except(gone)],
            [.. core.View.Pipelines.Values.Where(pipeline => pipeline != running)]);
        foreach (var partition in gone.SelectMany(stream => stream.Partitions))
        {
            await core.Host.Partitions.CloseAsync(partition);
        }

        foreach (var log in Logs(dropped))
        {
            await core.Host.Partitions.DeleteAsync(log, cancellationToken);
        }

        return new PipelineOutcome(PipelineOutcomeStatus.Done);
    }

    private string? Reader(string name, List<CatalogStream> dropped)
    {
        var names = dropped.Select(stream => stream.Definition.Name).ToHashSet();
        var reader = core.View.Pipelines.Values.FirstOrDefault(other => other.Entry.Name != name
            && other.Plan is { } plan
            && (plan.Groups.Any(group => names.Contains(group.Input))
                || plan.Sinks.Any(sink => names.Contains(sink.Input))));
        return reader is null ? null : $"Pipeline '{reader.Entry.Name}' reads streams of '{name}'.";
    }

    private static CatalogState Without(CatalogState state, string name, List<CatalogStream> dropped) => state with
    {
        Pipelines = [.. state.Pipelines.Where(pipeline => pipeline.Name != name)],
        Streams = [.. state.Streams.Where(stream => dropped.All(gone => gone.Id != stream.Id))],
        Dropped = [.. state.Dropped.Union(Logs(dropped))],
        Files = state.Files,
    };

    private static IEnumerable<LogId> Logs(IEnumerable<CatalogStream> streams) => streams.SelectMany(stream =>
        Enumerable.Range(0, stream.Definition.Partitions).Select(partition => new LogId(stream.Id, partition)));
}
