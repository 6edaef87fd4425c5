using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Ends a pipeline, and its streams where that is asked for. The catalog says so first: until then all goes on, and
/// whatever happens from then on, it is gone.
/// </summary>
internal sealed class PipelineDelete(
    KeeperCore core, Reconciler reconciler, Mending mending, DroppedLogs droppedLogs)
{
    public async Task<PipelineOutcome> DeleteAsync(
        string name, bool deleteStreams, long? ifGeneration, CancellationToken cancellationToken)
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

        List<CatalogStream> dropped = [.. core.View.State.Streams
            .Where(stream => deleteStreams && stream.Definition.Pipeline == name)];
        var ends = (running.Plan?.Outputs ?? []).Select(static output => output.Stream.Name)
            .Concat(dropped.Select(static stream => stream.Definition.Name)).ToHashSet();
        var others = core.View.Pipelines.Values.Where(other => other != running);
        if (StreamReaders.Of(ends, others) is { Count: > 0 } readers)
        {
            return new PipelineOutcome(
                PipelineOutcomeStatus.InUse, $"Streams of '{name}' are read by {string.Join(", ", readers)}.")
            {
                Readers = readers,
            };
        }

        var change = await core.ChangeAsync(
            current => current.Pipeline(name)?.Incarnation == running.Entry.Incarnation
                ? Without(current, name, dropped)
                : null,
            cancellationToken);
        if (change is not { } answered)
        {
            mending.Look();
            return PipelineOutcome.Of(core.Unchanged);
        }

        await reconciler.ReconcileAsync(answered.State);
        if (dropped.Count > 0)
        {
            await droppedLogs.DeleteAsync(cancellationToken);
        }

        return new PipelineOutcome(PipelineOutcomeStatus.Done);
    }

    private static CatalogState Without(CatalogState state, string name, List<CatalogStream> dropped) => state with
    {
        Pipelines = [.. state.Pipelines.Where(pipeline => pipeline.Name != name)],
        Streams = [.. state.Streams.Where(stream => dropped.All(gone => gone.Id != stream.Id))],
        Dropped = [.. state.Dropped.Union(Logs(dropped))],
    };

    private static IEnumerable<LogId> Logs(IEnumerable<CatalogStream> streams) => streams.SelectMany(stream =>
        Enumerable.Range(0, stream.Definition.Partitions).Select(partition => new LogId(stream.Id, partition)));
}
