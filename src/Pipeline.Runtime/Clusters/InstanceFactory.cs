using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Runtime.Clusters;

/// <summary>Makes instances as the catalog has them now, to run in this process. Lives on the root loop.</summary>
internal sealed class InstanceFactory(PipelineHost host)
{
    private readonly KeeperCore _core = new(host);

    /// <summary>
    /// The instance, not started yet; null where the catalog cannot be read, or has another definition by now.
    /// </summary>
    public async Task<IInstance?> MakeAsync(OnlyInstance only, CancellationToken cancellationToken)
    {
        if (await RefreshAsync(cancellationToken) is not { } view
            || view.Pipelines.GetValueOrDefault(only.Address.Pipeline) is not { } pipeline)
        {
            return null;
        }

        var others = view.Pipelines.Values.Select(other => (other.Entry, other.Plan));
        var built = _core.Build(pipeline, view.Streams, others, only);
        return built.Instances is [var made] && made.Address == only.Address ? made.Instance : null;
    }

    /// <summary>What the catalog says now, so that stages know who reads their outputs; null: no majority.</summary>
    public async Task<KeeperView?> RefreshAsync(CancellationToken cancellationToken)
    {
        if (await _core.Catalog.OpenAsync(cancellationToken) is not { } state)
        {
            return null;
        }

        if (state.Version > _core.View.State.Version)
        {
            var pipelines = _core.PlanAll(state);
            var streams = state.Streams.Select(stream => new CatalogedStream(stream, host.Partitions)).ToList();
            _core.View = KeeperView.Of(state, streams, pipelines);
        }

        return _core.View;
    }
}
