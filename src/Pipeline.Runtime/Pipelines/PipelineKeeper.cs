using System.Diagnostics.CodeAnalysis;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Keeps the catalog's streams open and its pipelines running on this host. Changes are made one at a time, on the
/// host's loop; what there is can be read from any thread.
/// </summary>
public sealed class PipelineKeeper : IPipelines, IStreams, IAsyncDisposable
{
    private readonly KeeperCore _core;
    private readonly LoopGate _gate;
    private readonly KeeperChores _chores;

    private PipelineKeeper(PipelineHost host)
    {
        _core = new KeeperCore(host);
        _gate = new LoopGate(host.Loop);
        _chores = new KeeperChores(host, () => _core.View);
    }

    /// <summary>
    /// Reads the catalog, opens its partitions, starts its pipelines; null where no majority of stores answers.
    /// </summary>
    public static ValueTask<PipelineKeeper?> OpenAsync(PipelineHost host, CancellationToken cancellationToken)
    {
        var keeper = new PipelineKeeper(host);
        return keeper._gate.RunAsync(
            async () => await new PipelineLoad(keeper._core).LoadAsync(cancellationToken) && keeper._chores.Start()
                ? keeper
                : null);
    }

    public IReadOnlyList<IStream> List() => [.. _core.View.Streams.Values.OrderBy(stream => stream.Name)];

    public bool TryGet(StreamName name, [NotNullWhen(true)] out IStream? stream)
    {
        stream = _core.View.Streams.GetValueOrDefault(name);
        return stream is not null;
    }

    public bool IsNotMaterialized(StreamName name) => _core.View.NotMaterialized.Contains(name);

    IReadOnlyList<PipelineStatus> IPipelines.List() => [.. _core.View.Pipelines.Values
        .OrderBy(pipeline => pipeline.Entry.Name, StringComparer.Ordinal).Select(pipeline => pipeline.Status)];

    public bool TryGet(string name, [NotNullWhen(true)] out PipelineStatus? status)
    {
        status = _core.View.Pipelines.GetValueOrDefault(name)?.Status;
        return status is not null;
    }

    public ValueTask<ApplyOutcome> ApplyAsync(ApplyRequest request, CancellationToken cancellationToken) =>
        _gate.RunAsync(() => new PipelineApply(_core).ApplyAsync(request, cancellationToken));

    public ValueTask<PipelineOutcome> DeleteAsync(
        string name, bool deleteStreams, CancellationToken cancellationToken) =>
        _gate.RunAsync(() => new PipelineDelete(_core).DeleteAsync(name, deleteStreams, cancellationToken));

    public ValueTask<PipelineOutcome> PauseAsync(string name, CancellationToken cancellationToken) =>
        _gate.RunAsync(() => new PipelinePause(_core).SetAsync(name, true, cancellationToken));

    public ValueTask<PipelineOutcome> ResumeAsync(string name, CancellationToken cancellationToken) =>
        _gate.RunAsync(() => new PipelinePause(_core).SetAsync(name, false, cancellationToken));

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

    /// <summary>Another process keeps the cluster from now on: its instances and partitions go on.</summary>
    public void Leave() => _chores.Stop();

    /// <summary>Stops all stages and sinks, at a checkpoint where there is time for it. Streams stay open.</summary>
    public ValueTask CloseAsync() => EndAsync(withCheckpoint: true);

    /// <summary>Ends all stages and sinks at once, as a crash would: nothing is flushed.</summary>
    public ValueTask AbandonAsync() => EndAsync(withCheckpoint: false);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _chores.Dispose();
    }

    private async ValueTask EndAsync(bool withCheckpoint) => await _gate.RunAsync(async () =>
    {
        _chores.Stop();
        await _core.StopAsync(_core.View.Pipelines.Values.SelectMany(pipeline => pipeline.Instances), withCheckpoint);
        return true;
    });

    private ValueTask<PipelineOutcome> NotBuilt(string name, string what) => ValueTask.FromResult(
        _core.View.Pipelines.ContainsKey(name)
            ? new PipelineOutcome(PipelineOutcomeStatus.NotBuilt, $"{what} is not built yet.")
            : new PipelineOutcome(PipelineOutcomeStatus.NotFound, $"There is no pipeline '{name}'."));
}
