using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Brings this host to a catalog that another one changed (or an earlier change of unknown outcome).</summary>
internal sealed class PipelineReload(KeeperCore core)
{
    public async Task ReloadAsync(CatalogState state)
    {
        var same = core.View.Pipelines.Values.Where(running => IsSame(running.Entry, state)).ToList();
        await core.StopAsync(
            core.View.Pipelines.Values.Except(same).SelectMany(running => running.Instances), withCheckpoint: true);
        var streams = await StreamsAsync(state);
        var changed = state.Pipelines.Where(entry => same.All(running => running.Entry.Name != entry.Name))
            .Select(entry => (Entry: entry, Outcome: core.Plan(state, entry))).ToList();
        var others = same.Select(running => (running.Entry, running.Plan))
            .Concat(changed.Select(plan => (plan.Entry, plan.Outcome.Plan))).ToList();
        var started = changed.Select(plan => core.Build(plan.Entry, plan.Outcome, streams, others)).ToList();
        core.View = KeeperView.Of(state, streams.Values, [.. same, .. started]);
        started.ForEach(KeeperCore.Start);
    }

    private static bool IsSame(CatalogPipeline entry, CatalogState state) => state.Pipeline(entry.Name) is { } now
        && now.Incarnation == entry.Incarnation && now.Generation == entry.Generation && now.IsPaused == entry.IsPaused;

    private async Task<Dictionary<StreamName, CatalogedStream>> StreamsAsync(CatalogState state)
    {
        var streams = new Dictionary<StreamName, CatalogedStream>();
        foreach (var stream in state.Streams)
        {
            if (core.View.Streams.TryGetValue(stream.Definition.Name, out var open) && open.Id == stream.Id)
            {
                open.Change(stream.Definition, core.Host.Partitions);
                streams[open.Name] = open;
            }
            else
            {
                streams[stream.Definition.Name] = new CatalogedStream(stream, core.Host.Partitions);
            }
        }

        foreach (var gone in core.View.Streams.Values.Except(streams.Values).SelectMany(stream => stream.Partitions))
        {
            await core.Host.Partitions.CloseAsync(gone);
        }

        return streams;
    }
}
