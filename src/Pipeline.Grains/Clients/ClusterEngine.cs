using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Backups.Service;
using Pipeline.Grains.Calls;
using Pipeline.Grains.Keeping;
using Pipeline.Grains.Partitions;
using Pipeline.Grains.Records;
using Pipeline.Replication.Records;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Grains.Clients;

/// <summary>
/// A cluster as the HTTP interface of a front sees it. Holds the catalog by its version: the keeper says when there
/// is a
/// newer one, and a request asks no more than that, and how what it shows is. Keeps what was said last: while no keeper
/// answers, events are taken and read all the same.
/// </summary>
public sealed class ClusterEngine(
    IGrainFactory grains, GrainCluster cluster, TimeProvider time, ILogger<ClusterEngine> log)
    : BackgroundService, IEngine
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Guid _front = Guid.NewGuid();
    private readonly HeldView _view = new(cluster, time);
    private volatile bool _isStopping;

    public EngineState State => _isStopping ? EngineState.Stopped
        : _view.Streams is null ? EngineState.Starting : EngineState.Running;

    public EngineHealth Health => _view.Describe(State);

    public IStreams Streams => _view.Streams ?? throw NotAnswered();

    public IPipelines Pipelines => _view.Catalog is { } catalog
        ? new GrainPipelines(Keeper, time, catalog, () => _view.Pipelines, AskAfterChangeAsync)
        : throw NotAnswered();

    public IRecords Records { get; } = new GrainRecords(grains, time);

    public IBackups Backups => new GrainBackups(Keeper, time);

    /// <summary>The client gives grains only once it has started.</summary>
    private IKeeperGrain Keeper => grains.GetGrain<IKeeperGrain>(KeeperGrain.Key);

    public async ValueTask RefreshAsync(EngineQuestion about, CancellationToken cancellationToken)
    {
        var statuses = about.HasPipelines ? QuietlyAsync(() => AskPipelinesAsync(about.Pipeline)) : Task.CompletedTask;
        await QuietlyAsync(() => AskCatalogAsync(TimeSpan.Zero));
        await statuses;
        if (about.Stream is { } name && _view.Streams is { } streams && streams.TryGet(name, out var found))
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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        EndlessLoop.RunAsync(() => AskCatalogAsync(CatalogFeed.LongestWait), Pause, time, log, stoppingToken),
        EndlessLoop.RunAsync(AskStateAsync, Interval, time, log, stoppingToken));

    private static InvalidOperationException NotAnswered() => new("The cluster has not answered yet.");

    /// <summary>What is said last holds where nobody answers.</summary>
    private static async Task QuietlyAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            // The loops go on asking.
        }
    }

    private Task AskAfterChangeAsync() => Task.WhenAll(
        QuietlyAsync(() => AskCatalogAsync(TimeSpan.Zero)), QuietlyAsync(() => AskPipelinesAsync(null)));

    private async Task AskCatalogAsync(TimeSpan wait)
    {
        if (await Keeper.CatalogAsync(_front, _view.Version, wait).WaitAsync(wait + Patience, time) is { } json)
        {
            _view.Take(CatalogNews.Read(json));
        }
    }

    private async Task AskPipelinesAsync(string? name)
    {
        var turn = _view.NextTurn();
        if (await Keeper.PipelinesAsync(name).WaitAsync(Patience, time) is { } json)
        {
            _view.Take(turn, name, JsonSerializer.Deserialize<List<PipelineStatus>>(json)!);
        }
    }

    private async Task AskStateAsync()
    {
        var turn = _view.NextTurn();
        if (await Keeper.StateAsync(_view.StateNumber).WaitAsync(Patience, time) is { } json)
        {
            _view.Take(turn, StateNews.Read(json));
        }
    }
}
