using System.Diagnostics.CodeAnalysis;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Keeps the catalog's streams open and its pipelines running on this host. Changes are made one at a time, on the
/// host's loop; what there is can be read from any thread.
/// </summary>
public sealed class PipelineKeeper : IPipelines, IStreams, IAsyncDisposable
{
    private static readonly TimeSpan MendInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ServeInterval = TimeSpan.FromMilliseconds(10);

    private readonly KeeperCore _core;
    private readonly LoopGate _gate;
    private readonly KeeperChores _chores;
    private readonly Reconciler _reconciler;
    private readonly Mending _mending;
    private readonly DroppedLogs _dropped;
    private readonly CancellationTokenSource _end = new();

    private PipelineKeeper(PipelineHost host)
    {
        _core = new KeeperCore(host);
        _gate = new LoopGate(host.Loop);
        _reconciler = new Reconciler(_core);
        _mending = new Mending(_core, _reconciler);
        _dropped = new DroppedLogs(_core, _reconciler);
        _chores = new KeeperChores(host, () => _core.View);
    }

    /// <summary>
    /// Reads the catalog, opens its partitions, starts its pipelines; null where no majority of stores answers.
    /// </summary>
    public static ValueTask<PipelineKeeper?> OpenAsync(PipelineHost host, CancellationToken cancellationToken)
    {
        var keeper = new PipelineKeeper(host);
        return keeper._gate.RunAsync(
            async () => await new PipelineLoad(keeper._core, keeper._reconciler).LoadAsync(cancellationToken)
                && keeper._chores.Start() && keeper.Mend()
                ? keeper
                : null);
    }

    public IReadOnlyList<IStream> List()
    {
        var view = _core.View;
        return [.. view.Streams.Values.Where(stream => !view.NotMaterialized.Contains(stream.Name))
            .OrderBy(stream => stream.Name)];
    }

    public IReadOnlyList<IStream> ListAll() => [.. _core.View.Streams.Values.OrderBy(stream => stream.Name)];

    public bool TryGet(StreamName name, [NotNullWhen(true)] out IStream? stream)
    {
        stream = IsNotMaterialized(name) ? null : _core.View.Streams.GetValueOrDefault(name);
        return stream is not null;
    }

    public bool IsNotMaterialized(StreamName name) => _core.View.NotMaterialized.Contains(name);

    IReadOnlyList<PipelineStatus> IPipelines.List() => [.. _core.View.Pipelines.Values
        .OrderBy(pipeline => pipeline.Entry.Name, StringComparer.Ordinal).Select(_core.StatusOf)];

    public bool TryGet(string name, [NotNullWhen(true)] out PipelineStatus? status)
    {
        status = _core.View.Pipelines.GetValueOrDefault(name) is { } pipeline ? _core.StatusOf(pipeline) : null;
        return status is not null;
    }

    public IReadOnlyList<CatalogVersion>? Versions(string name) => _core.View.State.Pipeline(name)?.Versions;

    public async ValueTask<ApplyOutcome> ApplyAsync(ApplyRequest request, CancellationToken cancellationToken)
    {
        var started = _core.Host.Loop.Time.GetTimestamp();
        var outcome = await _gate.RunAsync(() =>
            new PipelineApply(_core, _reconciler, _mending).ApplyAsync(request, cancellationToken));
        return outcome.Status is ApplyStatus.Applied or ApplyStatus.Unchanged && outcome.Pipeline is { } pipeline
            ? outcome with
            {
                Pending = await _core.Host.Loop.CallAsync(() => ServingAsync(
                    pipeline.Name, started, request.ServeWithin, cancellationToken)),
            }
            : outcome;
    }

    public ValueTask<ApplyOutcome> TryAsync(ApplyRequest request, CancellationToken cancellationToken) =>
        _gate.RunAsync(() => new PipelineApply(_core, _reconciler, _mending).TryAsync(request, cancellationToken));

    public ValueTask<PipelineOutcome> DeleteAsync(
        string name, bool deleteStreams, long? ifGeneration, CancellationToken cancellationToken) =>
        _gate.RunAsync(() => new PipelineDelete(_core, _reconciler, _mending, _dropped)
            .DeleteAsync(name, deleteStreams, ifGeneration, cancellationToken));

    public ValueTask<PipelineOutcome> PauseAsync(
        string name, long? ifGeneration, CancellationToken cancellationToken) =>
        _gate.RunAsync(() => new PipelinePause(_core, _reconciler, _mending)
            .SetAsync(name, true, ifGeneration, cancellationToken));

    public ValueTask<PipelineOutcome> ResumeAsync(
        string name, long? ifGeneration, CancellationToken cancellationToken) =>
        _gate.RunAsync(() => new PipelinePause(_core, _reconciler, _mending)
            .SetAsync(name, false, ifGeneration, cancellationToken));

    public ValueTask<DeadLetterPage> DeadLettersAsync(
        string name, long fromOffset, int max, CancellationToken cancellationToken) =>
        DeadLetterReader.ReadAsync(_core.View, name, fromOffset, max, cancellationToken);

    public ValueTask<PipelineOutcome> RedriveAsync(string name, CancellationToken cancellationToken) =>
        NotBuilt(name, "Redriving dead letters");

    public ValueTask<PipelineOutcome> SavepointAsync(string name, CancellationToken cancellationToken) =>
        NotBuilt(name, "Savepoints");

    public ValueTask<PipelineOutcome> ReplayAsync(string name, long fromTicks, CancellationToken cancellationToken) =>
        NotBuilt(name, "Replaying a pipeline");

    public ValueTask<PipelineOutcome> StageStateAsync(
        string name, string stage, string key, CancellationToken cancellationToken) =>
        NotBuilt(name, "Looking at a stage's state");

    /// <summary>What the catalog says, as of the last change made here.</summary>
    public CatalogState State => _core.View.State;

    /// <summary>Outputs of fused stages that are not kept as streams.</summary>
    public IReadOnlyCollection<StreamName> NotMaterialized => _core.View.NotMaterialized;

    /// <summary>Another process keeps the pipelines now: nothing is changed here any more.</summary>
    public bool IsOvertaken => _core.IsOvertaken;

    /// <summary>Another process keeps the cluster from now on: its instances and partitions go on.</summary>
    public void Leave()
    {
        _chores.Stop();
        _end.Cancel();
    }

    /// <summary>Stops all stages and sinks, at a checkpoint where there is time for it. Streams stay open.</summary>
    public ValueTask CloseAsync() => EndAsync(withCheckpoint: true);

    /// <summary>Ends all stages and sinks at once, as a crash would: nothing is flushed.</summary>
    public ValueTask AbandonAsync() => EndAsync(withCheckpoint: false);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _chores.Dispose();
        _end.Dispose();
    }

    /// <summary>Looks from time to time whether a change left something cut that is to run.</summary>
    private bool Mend()
    {
        _core.Host.Loop.Repeat(
            "mending pipelines",
            MendInterval,
            async () =>
            {
                if (_mending.IsDue)
                {
                    await _gate.RunAsync(_mending.TryAsync);
                }
            },
            _end.Token);
        _core.Host.Loop.Repeat(
            "deleting dropped logs",
            _core.Host.Settings.TrimInterval,
            async () =>
            {
                if (_dropped.IsDue)
                {
                    await _gate.RunAsync(async () =>
                    {
                        await _dropped.DeleteAsync(_end.Token);
                        return true;
                    });
                }
            },
            _end.Token);
        return true;
    }

    /// <summary>
    /// Waits until all partitions of a pipeline's streams serve, or the time since the request came is over: those that
    /// do not.
    /// </summary>
    private async Task<IReadOnlyList<string>> ServingAsync(
        string pipeline, long started, TimeSpan? within, CancellationToken cancellationToken)
    {
        var loop = _core.Host.Loop;
        var patience = within ?? _core.Host.Settings.ServePatience;
        while (true)
        {
            var pending = _core.View.Streams.Values.Where(stream => stream.Definition.Pipeline == pipeline)
                .SelectMany(stream => stream.Partitions).Where(static partition => !partition.Status.IsServing)
                .Select(static partition => partition.Id.ToString()).ToList();
            if (pending.Count == 0 || loop.Time.GetElapsedTime(started) >= patience
                || cancellationToken.IsCancellationRequested)
            {
                return pending;
            }

            await Task.Delay(ServeInterval, loop.Time, CancellationToken.None);
        }
    }

    private async ValueTask EndAsync(bool withCheckpoint) => await _gate.RunAsync(async () =>
    {
        Leave();
        await _core.StopAsync(_core.View.Instances, withCheckpoint);
        return true;
    });

    private ValueTask<PipelineOutcome> NotBuilt(string name, string what) => ValueTask.FromResult(
        _core.View.Pipelines.ContainsKey(name)
            ? new PipelineOutcome(PipelineOutcomeStatus.NotBuilt, $"{what} is not built yet.")
            : new PipelineOutcome(PipelineOutcomeStatus.NotFound, $"There is no pipeline '{name}'."));
}
