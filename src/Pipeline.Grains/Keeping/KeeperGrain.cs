using System.Text.Json;
using Orleans.Concurrency;
using Pipeline.Backups.Service;
using Pipeline.Grains.Partitions;
using Pipeline.Grains.Spreading;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Clusters;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Grains.Keeping;

/// <summary>
/// Hosts the pipeline keeper of the whole cluster, and asks instances, and partitions that no silo says it serves, how
/// they are: that has each of them be active somewhere.
/// </summary>
[Reentrant]
internal sealed class KeeperGrain(
    ClusterNode node, GrainCluster cluster, ISiloStatusOracle silos, Zones zones, TimeProvider time)
    : Grain, IKeeperGrain
{
    public const string Key = "keeper";
    public const string StartBackup = "start";
    public const string ListBackups = "list";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TellPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(10);

    private readonly PartitionBalance _balance = new(silos, zones, time);
    private readonly SiloReports _reports = new(time);
    private readonly KeeperCalls _calls = new(time);
    private readonly CatalogFeed _catalogs = new(time);
    private readonly StateFeed _states = new(time);
    private PipelineKeeper? _keeper;
    private IBackups? _backups;
    private Action? _stopBackups;
    private bool _isBusy;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(OpenPatience);
        try
        {
            cluster.Forget();
            _keeper = await node.OpenKeeperAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // No majority of stores; tried again by the next activation.
        }

        if (_keeper is null)
        {
            DeactivateOnIdle();
            return;
        }

        (_backups, _stopBackups) = node.OpenBackups();
        this.RegisterGrainTimer(KeepAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Interval)
        {
            Interleave = true,
        });
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _keeper?.Leave();
        _keeper = null;
        _stopBackups?.Invoke();
        _backups = null;
        _catalogs.End();
        cluster.Forget();
        return Task.CompletedTask;
    }

    public Task<bool> TouchAsync() => Task.FromResult(_keeper is not null);

    public async Task LeaveAsync(SiloAddress leaving)
    {
        if (_keeper is { } keeper)
        {
            await _balance.LeaveAsync(leaving, [.. Partitions(keeper)]);
        }
    }

    public Task<bool> ReportAsync(SiloReport report) => Task.FromResult(_keeper is not null && _reports.Take(report));

    public async Task<byte[]?> CatalogAsync(Guid front, long known, TimeSpan wait)
    {
        if (_keeper is { } keeper)
        {
            Publish(keeper);
            var news = await _catalogs.AskAsync(front, known, wait);
            return _keeper is null ? null : news;
        }

        return null;
    }

    public Task<byte[]?> StateAsync(Guid known) => Task.FromResult(_keeper is { } keeper
        ? _states.Ask(known, () => Describe(keeper).ToState())
        : null);

    public Task<byte[]?> PipelinesAsync(string? name) => Task.FromResult(_keeper is IPipelines pipelines
        ? JsonSerializer.SerializeToUtf8Bytes(name is null ? pipelines.List()
            : pipelines.TryGet(name, out var status) ? [status] : [])
        : null);

    public Task<byte[]?> ViewAsync() => Task.FromResult(_keeper is { } keeper ? Describe(keeper).ToJson() : null);

    public Task<byte[]?> ApplyAsync(byte[] request) => CallAsync(async keeper =>
        JsonSerializer.SerializeToUtf8Bytes(await keeper.ApplyAsync(
            JsonSerializer.Deserialize<ApplyRequest>(request)!, CancellationToken.None)));

    public Task<byte[]?> TryAsync(byte[] request) => CallAsync(async keeper =>
        JsonSerializer.SerializeToUtf8Bytes(await keeper.TryAsync(
            JsonSerializer.Deserialize<ApplyRequest>(request)!, CancellationToken.None)));

    public Task<byte[]?> CarryOutAsync(byte[] order) => CallAsync(async keeper =>
    {
        var outcome = await RunAsync(keeper, JsonSerializer.Deserialize<KeeperOrder>(order)!);
        return JsonSerializer.SerializeToUtf8Bytes(new KeeperOutcome(outcome.Status, outcome.Detail)
        {
            Readers = [.. outcome.Readers],
        });
    });

    public async Task<byte[]?> BackupsAsync(string question) => _backups is { } backups
        ? JsonSerializer.SerializeToUtf8Bytes(await (question switch
        {
            StartBackup => backups.StartAsync(CancellationToken.None),
            ListBackups => backups.ListAsync(CancellationToken.None),
            _ => backups.GetAsync(question, CancellationToken.None),
        }))
        : null;

    public Task<byte[]?> DeadLettersAsync(string pipeline, long from, int max) => CallAsync(async keeper =>
    {
        var page = await keeper.DeadLettersAsync(pipeline, from, max, CancellationToken.None);
        return JsonSerializer.SerializeToUtf8Bytes(new LettersPage(
            page.Status, [.. page.Letters.Select(static letter => letter.ToArray())], page.Next));
    });

    /// <summary>Asked for again while it is at work, it is not begun again. Null: not now.</summary>
    private Task<byte[]?> CallAsync(Func<PipelineKeeper, Task<byte[]>> work) => _keeper is { } keeper
        ? _calls.AnswerAsync(async () =>
        {
            var answer = await work(keeper);
            await TellAsync(keeper);
            return answer;
        })
        : Task.FromResult<byte[]?>(null);

    private static ValueTask<PipelineOutcome> RunAsync(PipelineKeeper keeper, KeeperOrder order) => order.Verb switch
    {
        KeeperVerb.Delete => keeper.DeleteAsync(order.Pipeline, false, order.IfGeneration, default),
        KeeperVerb.DeleteWithStreams => keeper.DeleteAsync(order.Pipeline, true, order.IfGeneration, default),
        KeeperVerb.Pause => keeper.PauseAsync(order.Pipeline, order.IfGeneration, default),
        KeeperVerb.Resume => keeper.ResumeAsync(order.Pipeline, order.IfGeneration, default),
        KeeperVerb.Redrive => keeper.RedriveAsync(order.Pipeline, default),
        KeeperVerb.Savepoint => keeper.SavepointAsync(order.Pipeline, default),
        KeeperVerb.Replay => keeper.ReplayAsync(order.Pipeline, order.FromTicks, default),
        KeeperVerb.StageState => keeper.StageStateAsync(order.Pipeline, order.Stage, order.Key, default),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order.Verb, "unknown verb"),
    };

    private static IEnumerable<GrainPartition> Partitions(PipelineKeeper keeper) =>
        keeper.ListAll().SelectMany(static stream => stream.Partitions).Cast<GrainPartition>();

    private void Publish(PipelineKeeper keeper) => _catalogs.Publish(keeper.State.Version, () => new CatalogNews(
        keeper.State.Version,
        CatalogCodec.Write(keeper.State),
        [.. keeper.NotMaterialized.Select(static name => name.Value)]));

    /// <summary>Whoever changed something sees it through any front from then on.</summary>
    private async Task TellAsync(PipelineKeeper keeper)
    {
        Publish(keeper);
        await _catalogs.AreToldAsync(keeper.State.Version, TellPatience);
    }

    private ClusterView Describe(PipelineKeeper keeper) => new()
    {
        Catalog = CatalogCodec.Write(keeper.State),
        NotMaterialized = [.. keeper.NotMaterialized.Select(static name => name.Value)],
        Pipelines = [.. ((IPipelines)keeper).List()],
        NotServing = [.. Partitions(keeper).Where(static partition => partition.Report is not { IsServing: true })
            .Select(static partition => $"{partition.Id}")],
        Partitions = [.. Partitions(keeper).Select(static partition =>
            KeptPartition.Of(partition.Id.Stream, partition.Status))],
        Stores = [.. node.Stores.Select(static store =>
            new KeptStore(store.Slot, store.Id?.ToString(), store.IsVoting, store.Detail))],
    };

    /// <summary>One round; a slow one takes the place of those that are due meanwhile.</summary>
    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (_isBusy || _keeper is not { } keeper)
        {
            return;
        }

        if (keeper.IsOvertaken)
        {
            // Another activation has claimed the catalog.
            DeactivateOnIdle();
            return;
        }

        _isBusy = true;
        try
        {
            Publish(keeper);
            _reports.Keep(silos.GetActiveSilos().ToHashSet());
            cluster.Prune();
            var partitions = Partitions(keeper).ToList();
            var instances = cluster.Instances.Where(static instance => instance.IsWanted).ToList();
            await Task.WhenAll(
            [
                .. partitions.Where(partition => !partition.TakeSaid(_reports))
                    .Select(static partition => partition.RefreshAsync().AsTask()),
                .. instances.Select(static instance => instance.AskAsync()),
            ]);
            await _balance.EvenAsync(partitions, instances);
        }
        finally
        {
            _isBusy = false;
        }
    }
}
