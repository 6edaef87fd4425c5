using Pipeline.Backups.Service;
using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Driving;
using Pipeline.Replication.Partitions.Reading;
using Pipeline.Replication.Records;
using Pipeline.Replication.Scrubbing;
using Pipeline.Replication.Stores;
using Pipeline.Runtime.Backups;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Runtime.Clusters;

/// <summary>
/// One process of a cluster: its stores and loops are open, and it makes partitions, instances and the keeper when its
/// host asks for them. Who runs what is the host's; that only one of them writes is the epochs'. May be used from any
/// thread.
/// </summary>
public sealed class ClusterNode : IDisposable
{
    private readonly EngineHost _host;
    private readonly EngineOptions _options;
    private readonly ILoop _root;
    private readonly Dictionary<string, ILoop> _loops = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _opening = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StoreSet _stores;
    private readonly Scrubber _scrubber;
    private readonly PartitionFactory _partitions;
    private readonly PipelineHost _pipelines;
    private readonly InstanceFactory _instances;
    private readonly CatalogRegister _catalog;
    private readonly List<PartitionDriver> _made = [];
    private bool _isScrubbing;

    public ClusterNode(EngineHost host, EngineOptions options, ICluster cluster)
    {
        (_host, _options) = (host, options);
        _root = Loop("root");
        _stores = new StoreSet(host.Slots, _root, new Random(host.Draw.Next()), options.Stores);
        _scrubber = new Scrubber(_stores, new CatalogLogs(), Loop("scrub"), options.Scrub, host.OnScrub);
        _stores.Filler = _scrubber;
        _partitions = new PartitionFactory(
            _stores, Loop, options.PartitionLoops, new Random(host.Draw.Next()), options.Partitions);
        _pipelines = new PipelineHost
        {
            Loop = _root,
            NewLoop = Loop,
            Registers = _stores.Registers,
            Stores = _stores,
            Partitions = new RemotePartitions(_stores, cluster),
            Cluster = cluster,
            Draw = new Random(host.Draw.Next()),
            Settings = options.Pipelines,
            SinkFiles = host.SinkFiles,
        };
        _instances = new InstanceFactory(_pipelines with { Cluster = null });
        Records = new RecordStore(_stores.Registers, new Random(host.Draw.Next()));
        _catalog = new CatalogRegister(_stores.Registers, new Random(host.Draw.Next()));
    }

    /// <summary>Small values of the host's own; once <see cref="Opened"/>.</summary>
    public RecordStore Records { get; }

    /// <summary>Completes when the stores are open; faults where a person must look.</summary>
    public Task Opened => _opened.Task;

    /// <summary>One per configured slot, in order.</summary>
    public IReadOnlyList<StoreHealth> Stores => [.. _stores.Status.Select(static status => new StoreHealth(
        status.Slot,
        status.Phase == StorePhase.Unknown ? null : status.Id,
        status.Phase == StorePhase.Up,
        status.Detail))];

    /// <summary>What failed here unexpectedly, and does not work again yet.</summary>
    public IReadOnlyList<FailingPart> Failing => _root.Supervisor.Failing;

    /// <summary>The partitions that this process has, and how they are.</summary>
    public IReadOnlyList<(StreamName Stream, PartitionStatus Status)> Partitions
    {
        get
        {
            lock (_made)
            {
                _made.RemoveAll(static driver => driver.HasEnded);
                return [.. _made.Select(static driver => (driver.Id.Stream, driver.Status))];
            }
        }
    }

    /// <summary>Opens the stores, formats blank ones; goes on trying while a majority is missing.</summary>
    public void Open() => _root.Post(static node => ((ClusterNode)node!).OpenStores(), this);

    /// <summary>The catalog as a majority of stores has it; null: no majority.</summary>
    public async ValueTask<CatalogState?> ReadCatalogAsync(CancellationToken cancellationToken)
    {
        await Opened.WaitAsync(cancellationToken);
        return await _root.CallAsync(() => _catalog.OpenAsync(cancellationToken).AsTask());
    }

    /// <summary>
    /// A partition's driver, not started yet; null where the catalog cannot be read, or does not name the log.
    /// </summary>
    public async ValueTask<PartitionDriver?> MakePartitionAsync(
        PartitionId id, LogId log, Action<PartitionNotice> notify, CancellationToken cancellationToken)
    {
        var state = await ReadCatalogAsync(cancellationToken);
        var stream = state?.Stream(id.Stream);
        return stream is null || stream.Id != log.Stream || log.Partition >= stream.Definition.Partitions
            ? null
            : await _root.CallAsync(() => Task.FromResult(Make(id, log, stream.Definition, notify)));
    }

    /// <summary>Reads a log's closed segments from the stores of this process, whoever owns the log.</summary>
    public ClosedReader OpenClosed(LogId log, TimeProvider time) =>
        new(log, _stores, _stores.Registers, _options.Partitions, time);

    /// <summary>
    /// A stage or sink instance, not started yet; null where the catalog cannot be read, or has another definition.
    /// <paramref name="source"/> says through what it reads its input; called on any thread.
    /// </summary>
    public async ValueTask<IInstance?> MakeInstanceAsync(
        InstanceAddress address, Func<IPartition, IBlockSource> source, CancellationToken cancellationToken)
    {
        await Opened.WaitAsync(cancellationToken);
        return await _root.CallAsync(() => _instances.MakeAsync(new OnlyInstance(address, source), cancellationToken));
    }

    /// <summary>The catalog changed: instances here learn who reads their outputs.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken) =>
        await _root.CallAsync(() => _instances.RefreshAsync(cancellationToken));

    /// <summary>
    /// The keeper of the whole cluster; null where no majority of stores answers. Whoever has it also looks for
    /// damage.
    /// </summary>
    public async ValueTask<PipelineKeeper?> OpenKeeperAsync(CancellationToken cancellationToken)
    {
        await Opened.WaitAsync(cancellationToken);
        var keeper = await PipelineKeeper.OpenAsync(_pipelines, cancellationToken);
        if (keeper is not null)
        {
            _root.Post(static node => ((ClusterNode)node!).Scrub(), this);
        }

        return keeper;
    }

    /// <summary>The backups of the whole cluster, for whoever has the keeper; stopped by what it gives.</summary>
    public (IBackups Backups, Action Stop) OpenBackups()
    {
        var backups = BackupHosting.Of(_pipelines);
        backups.Start();
        return (backups, backups.Stop);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _opening.Cancel();
        _opened.TrySetCanceled();
        _scrubber.Dispose();
        _stores.Dispose();
        _stopping.Dispose();
        _opening.Dispose();
    }

    private PartitionDriver Make(
        PartitionId id, LogId log, StreamDefinition definition, Action<PartitionNotice> notify)
    {
        var driver = _partitions.Make(id, log, definition, _host.OnPartition + notify);
        lock (_made)
        {
            _made.RemoveAll(static other => other.HasEnded);
            _made.Add(driver);
        }

        return driver;
    }

    private void Scrub()
    {
        if (!_isScrubbing && !_stopping.IsCancellationRequested)
        {
            _isScrubbing = true;
            _scrubber.Start();
        }
    }

    /// <summary>Whatever an attempt throws is told, shown, and tried again: the stores may work then.</summary>
    private void OpenStores() => _root.Repeat("opening stores", TryOpenStoresAsync, _opening.Token);

    private async Task<TimeSpan> TryOpenStoresAsync()
    {
        var outcome = await _stores.OpenAsync(CancellationToken.None);
        switch (outcome.Result)
        {
            case StoreSetResult.Opened:
                _stores.Watch();
                _opened.TrySetResult();
                _opening.Cancel();
                break;
            case StoreSetResult.Refused:
                _opened.TrySetException(new InvalidDataException(outcome.Detail));
                _opening.Cancel();
                break;
            default:
                break;
        }

        return _options.RetryDelay;
    }

    private ILoop Loop(string name)
    {
        lock (_loops)
        {
            if (!_loops.TryGetValue(name, out var loop))
            {
                _loops.Add(name, loop = _host.NewLoop(name));
            }

            return loop;
        }
    }
}
