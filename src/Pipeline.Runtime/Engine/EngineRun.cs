using Pipeline.Backups.Service;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Reading;
using Pipeline.Replication.Scrubbing;
using Pipeline.Replication.Stores;
using Pipeline.Runtime.Backups;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Runtime.Engine;

/// <summary>What an engine is made of, opened and closed in order. Lives on the root loop.</summary>
internal sealed class EngineRun : IDisposable
{
    private readonly EngineHost _host;
    private readonly EngineOptions _options;
    private readonly ILoop _root;
    private readonly Action<EngineState, string?> _end;
    private readonly Action<string?> _note;
    private readonly CancellationTokenSource _stopping = new();
    private readonly StoreSet _stores;
    private readonly Scrubber _scrubber;
    private readonly PartitionHost _partitions;
    private readonly PipelineHost _pipelines;
    private readonly HealthChecks _checks;
    private readonly OpeningPartitions _opening;
    private PipelineKeeper? _keeper;
    private BackupKeeper? _backups;
    private bool _isClosed;

    public EngineRun(
        EngineHost host, EngineOptions options, ILoop root, Action<EngineState, string?> end, Action<string?> note)
    {
        (_host, _options, _root, _end, _note) = (host, options, root, end, note);
        _checks = new HealthChecks(root.Time);
        _opening = new OpeningPartitions(root.Time);
        _stores = new StoreSet(host.Slots, root, new Random(host.Draw.Next()), options.Stores);
        _scrubber = new Scrubber(_stores, new CatalogLogs(), host.NewLoop("scrub"), options.Scrub, host.OnScrub);
        _stores.Filler = _scrubber;
        var factory = new PartitionFactory(
            _stores, host.NewLoop, options.PartitionLoops, new Random(host.Draw.Next()), options.Partitions);
        _partitions = new PartitionHost(_stores, factory, options.StopPatience, OnNotice);
        _pipelines = new PipelineHost
        {
            Loop = root,
            NewLoop = host.NewLoop,
            Registers = _stores.Registers,
            Stores = _stores,
            Partitions = _partitions,
            Closed = options.StagesReadStores ? Closed : null,
            Draw = new Random(host.Draw.Next()),
            Settings = options.Pipelines,
            SinkFiles = host.SinkFiles,
            Overtaken = () => _end(EngineState.Fenced, "another process took over the pipelines"),
        };
    }

    /// <summary>Set once, when all is open.</summary>
    public OpenedEngine? Opened { get; private set; }

    /// <summary>What the last whole round of scrubbing found; null before its end.</summary>
    public VerifyReport? LastScrub => _scrubber.LastReport;

    /// <summary>True: all is open. False: it ended, and said so.</summary>
    public async Task<bool> OpenAsync()
    {
        if (!await OpenStoresAsync())
        {
            return false;
        }

        _stores.Watch();
        while (!_stopping.IsCancellationRequested)
        {
            _keeper = await PipelineKeeper.OpenAsync(_pipelines, CancellationToken.None);
            if (_keeper is not null)
            {
                _backups = BackupHosting.Of(_pipelines);
                _backups.Start();
                var opened = new OpenedEngine(_stores.Registers, _keeper, _keeper, _backups);
                _opening.Expect(Partitions(opened).Select(static partition => partition.Id));
                Opened = opened;
                _scrubber.Start();
                return true;
            }

            _note("the catalog cannot be read from a majority of stores");
            await _root.PauseAsync(_options.RetryDelay, _stopping.Token);
        }

        return false;
    }

    /// <summary>
    /// Gracefully: stages write their checkpoints, appends under way end. Else everything stops where it is.
    /// </summary>
    public async Task CloseAsync(bool isGraceful)
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _stopping.Cancel();
        _backups?.Stop();
        try
        {
            if (_keeper is not null)
            {
                await (isGraceful ? _keeper.CloseAsync() : _keeper.AbandonAsync());
            }
        }
        finally
        {
            await _partitions.CloseAllAsync(isGraceful ? _options.StopPatience : TimeSpan.Zero);
            _scrubber.Dispose();
            _stores.Dispose();
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        if (!_isClosed)
        {
            _scrubber.Dispose();
            _stores.Dispose();
        }
    }

    /// <summary>From any thread.</summary>
    public EngineHealth Describe(EngineState state, string? detail)
    {
        var stores = _stores.Status.Select(static status => new StoreHealth(
            status.Slot,
            status.Phase == StorePhase.Unknown ? null : status.Id,
            status.Phase == StorePhase.Up,
            status.Detail)).ToArray();
        var opened = Opened;
        IPartition[] partitions = opened is null ? [] : [.. Partitions(opened)];
        (PartitionId Id, bool IsServing)[] seen =
            [.. partitions.Select(static partition => (partition.Id, partition.Status.IsServing))];
        var missing = _opening.Missing(opened is null ? null : seen);
        var isAccepting = state == EngineState.Running && missing.Count == 0;
        var reason = isAccepting ? null : detail ?? $"not serving: {string.Join(", ", missing.Take(5))}";
        var serving = seen.Count(static part => part.IsServing);
        var health = new EngineHealth(state, isAccepting, stores, serving, seen.Length, reason);
        var copies = MissingCopies.Describe(
            stores, partitions.Select(static partition => (partition.Id, partition.Status)));
        return health with { Checks = _checks.Of(health, missing.Count, copies, _root.Supervisor.Failing) };
    }

    private static IEnumerable<IPartition> Partitions(OpenedEngine opened) =>
        opened.Streams.List().SelectMany(static stream => stream.Partitions);

    private ClosedReader Closed(LogId log) => new(log, _stores, _stores.Registers, _options.Partitions, _root.Time);

    private async Task<bool> OpenStoresAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var outcome = await TryOpenStoresAsync();
            switch (outcome.Result)
            {
                case StoreSetResult.Opened:
                    return true;
                case StoreSetResult.Refused:
                    _end(EngineState.Refused, outcome.Detail);
                    return false;
                default:
                    _note(outcome.Detail);
                    await _root.PauseAsync(_options.RetryDelay, _stopping.Token);
                    break;
            }
        }

        return false;
    }

    /// <summary>Whatever an attempt throws is told, and tried again: the stores may work then.</summary>
    private async Task<StoreSetOutcome> TryOpenStoresAsync()
    {
        try
        {
            return await _stores.OpenAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            _root.Supervisor.Tell(new Fault(FaultSource.Job, "opening stores", "opening stores", exception));
            return new StoreSetOutcome(StoreSetResult.Unavailable, $"the stores cannot be opened: {exception.Message}");
        }
    }

    /// <summary>On a partition's loop.</summary>
    private void OnNotice(PartitionNotice notice)
    {
        _host.OnPartition?.Invoke(notice);
        switch (notice.Event)
        {
            case PartitionEvent.Fenced:
                _end(EngineState.Fenced, $"another process took over {notice.Partition}: {notice.Detail}");
                break;
            case PartitionEvent.Alarm:
                _note($"{notice.Partition} has stopped, a person must look: {notice.Detail}");
                break;
            default:
                break;
        }
    }
}
