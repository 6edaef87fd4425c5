using Microsoft.Extensions.Hosting;
using Pipeline.Grains.Calls;
using Pipeline.Grains.Keeping;
using Pipeline.Grains.Partitions;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Grains.Clients;

/// <summary>
/// A cluster as the HTTP interface of a front sees it. Keeps what the keeper said last: while no keeper answers, events
/// are taken and read all the same.
/// </summary>
public sealed class ClusterEngine(IGrainFactory grains, GrainCluster cluster, TimeProvider time)
    : BackgroundService, IEngine
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private volatile Snapshot? _now;
    private volatile bool _isStopping;

    public EngineState State => _isStopping ? EngineState.Stopped
        : _now is null ? EngineState.Starting : EngineState.Running;

    public EngineHealth Health
    {
        get
        {
            var now = _now;
            var partitions = now?.Streams.List().Sum(static stream => stream.Partitions.Count) ?? 0;
            var missing = now?.View.NotServing ?? [];
            var isAccepting = State == EngineState.Running && missing.Count == 0;
            return new EngineHealth(
                State,
                isAccepting,
                [.. now?.View.Stores.Select(static store => new StoreHealth(
                    store.Slot, null, store.IsVoting, store.Detail)) ?? []],
                partitions - missing.Count,
                partitions,
                isAccepting ? null
                    : now is null ? "the cluster does not answer yet"
                    : $"not serving: {string.Join(", ", missing.Take(5))}");
        }
    }

    public IStreams Streams => Now.Streams;

    public IPipelines Pipelines => Now.Pipelines;

    /// <summary>The client gives grains only once it has started.</summary>
    private IKeeperGrain Keeper => grains.GetGrain<IKeeperGrain>(KeeperGrain.Key);

    private Snapshot Now => _now ?? throw new InvalidOperationException("The cluster has not answered yet.");

    public async ValueTask RefreshAsync(StreamName? stream, CancellationToken cancellationToken)
    {
        await AskAsync();
        if (stream is { } name && _now is { } now && now.Streams.TryGet(name, out var found))
        {
            await Task.WhenAll(found.Partitions.Cast<GrainPartition>().Select(
                partition => partition.AwaitServingAsync(cancellationToken).AsTask()));
        }
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await AskAsync();
                await Task.Delay(Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The front stops.
        }
    }

    private async Task AskAsync()
    {
        try
        {
            if (await Keeper.ViewAsync().WaitAsync(Patience, time) is { } json)
            {
                Take(ClusterView.Read(json));
            }
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            // What was said last holds.
        }
    }

    private void Take(ClusterView view)
    {
        var state = CatalogCodec.Read(view.Catalog);
        if (_now is not { } now || state.Version >= now.Version)
        {
            var pipelines = new GrainPipelines(Keeper, time, state, () => _now!.View.Pipelines, AskAsync);
            var streams = new GrainStreams(state, view.NotMaterialized, cluster);
            _now = new Snapshot(state.Version, view, streams, pipelines);
            foreach (var kept in view.Partitions ?? [])
            {
                if (streams.TryGet(new StreamName(kept.Stream), out var stream)
                    && kept.Partition < stream.Partitions.Count)
                {
                    ((GrainPartition)stream.Partitions[kept.Partition]).Take(kept.ToStatus());
                }
            }
        }
    }

    private sealed record Snapshot(long Version, ClusterView View, IStreams Streams, IPipelines Pipelines);
}
