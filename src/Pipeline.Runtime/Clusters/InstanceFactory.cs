using Pipeline.Processing.Instances;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Runtime.Clusters;

/// <summary>Makes instances as the catalog has them now, to run in this process. Lives on the root loop.</summary>
internal sealed class InstanceFactory(PipelineHost host)
{
    private readonly KeeperCore _core = new(host);
    private DesiredState? _desired;

    /// <summary>
    /// The instance, not started yet; null where the catalog cannot be read, or has another definition by now.
    /// </summary>
    public async Task<IInstance?> MakeAsync(OnlyInstance only, CancellationToken cancellationToken)
    {
        if (!await RefreshAsync(cancellationToken) || _desired!.Find(only.Address.Pipeline) is not { } pipeline
            || pipeline.Instances.FirstOrDefault(spec => spec.Address == only.Address) is not { } spec)
        {
            return null;
        }

        var streams = _core.View.Streams;
        var input = streams[spec.Input].Partitions[spec.Id.Partition];
        return _core.Maker.Make(pipeline, spec, streams, only.Source(input));
    }

    /// <summary>What the catalog says now, so that stages know who reads their outputs; false: no majority.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        if (await _core.Catalog.OpenAsync(cancellationToken) is not { } state)
        {
            return false;
        }

        if (state.Version > _core.View.State.Version || _desired is null)
        {
            _desired = _core.Desired(state);
            var streams = state.Streams.Select(stream => new CatalogedStream(stream, host.Partitions)).ToList();
            _core.View = KeeperView.Of(
                state, streams, [.. _desired.Pipelines.Select(static pipeline => new RunningPipeline(pipeline, []))]);
        }

        return true;
    }
}
