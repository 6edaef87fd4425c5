using System.Collections.Concurrent;
using Pipeline.Definitions.Codes;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Sinks;
using Pipeline.Replication.Loops;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>What the operations on pipelines share: the catalog, what there is, how it is planned and made.</summary>
internal sealed class KeeperCore
{
    private KeeperView _view = KeeperView.Empty;
    private bool _mayHappen;

    public KeeperCore(PipelineHost host)
    {
        Host = host;
        Catalog = new CatalogRegister(host.Registers, new Random(host.Draw.Next()));
        Sinks = new SinkDirectories(host.SinkFiles ?? new SinkDirectory(), host.Settings);
        Planning = new PlanMemory(new StageCodes(host.Settings.CodeDirectory), host.Settings.Variables);
        ILoop[] loops = [.. Enumerable.Range(0, host.Settings.StageLoops).Select(i => host.NewLoop($"stages-{i}"))];
        Maker = new InstanceMaker(host, loops, host.NewLoop("sinks"), () => View);
    }

    public PipelineHost Host { get; }

    public CatalogRegister Catalog { get; }

    public PlanMemory Planning { get; }

    public SinkDirectories Sinks { get; }

    public InstanceMaker Maker { get; }

    /// <summary>Set on the host's loop only.</summary>
    public KeeperView View
    {
        get => Volatile.Read(ref _view);
        set => Volatile.Write(ref _view, value);
    }

    /// <summary>By pipeline, the last file that was not applied to it; it holds for one generation.</summary>
    public ConcurrentDictionary<string, RefusedFile> RefusedFiles { get; } = new(StringComparer.Ordinal);

    /// <summary>Another process keeps the pipelines now.</summary>
    public bool IsOvertaken { get; private set; }

    /// <summary>Why nothing can be changed; for what was not tried.</summary>
    public Obstacle Away => IsOvertaken ? Obstacle.TakenOver : Obstacle.NoMajority;

    /// <summary>Why the last change of the catalog was not made, or is not known to be.</summary>
    public Obstacle Unchanged => _mayHappen ? Obstacle.Unknown : Away;

    /// <summary>
    /// Changes the catalog; null where no majority answered, or where another process keeps it: then
    /// <see cref="Unchanged"/> says whether it may yet happen. A majority that is away from the start is found by
    /// reading, so that the change cannot.
    /// </summary>
    public async ValueTask<CatalogChange?> ChangeAsync(
        Func<CatalogState, CatalogState?> change, CancellationToken cancellationToken)
    {
        _mayHappen = false;
        if (await Catalog.OpenAsync(cancellationToken) is not { } now)
        {
            return null;
        }

        if (!Catalog.IsKeeperOf(now))
        {
            SetOvertaken();
            return null;
        }

        var outcome = await Catalog.ChangeAsync(change, cancellationToken);
        _mayHappen = outcome is null or { IsOvertaken: true };
        if (outcome is { IsOvertaken: true })
        {
            SetOvertaken();
        }

        return IsOvertaken ? null : outcome;
    }

    private void SetOvertaken()
    {
        if (!IsOvertaken)
        {
            IsOvertaken = true;
            Host.Overtaken?.Invoke();
        }
    }

    /// <summary>The refusal where a pipeline has another generation (0: none) than was asked for.</summary>
    public PipelineOutcome? Expected(string name, long? ifGeneration)
    {
        var entry = View.Pipelines.GetValueOrDefault(name)?.Entry;
        return ifGeneration is { } asked && asked != (entry?.Generation ?? 0)
            ? new PipelineOutcome(PipelineOutcomeStatus.PreconditionFailed, entry is null
                ? $"There is no pipeline '{name}'."
                : $"Pipeline '{name}' has generation {entry.Generation}, not {asked}.")
            : null;
    }

    /// <summary>How a pipeline is, and whether a file of it waits for a decision.</summary>
    public PipelineStatus StatusOf(RunningPipeline pipeline) =>
        RefusedFiles.TryGetValue(pipeline.Entry.Name, out var file)
            && (file.Incarnation, file.Generation) == (pipeline.Entry.Incarnation, pipeline.Entry.Generation)
            ? pipeline.Status with { Refused = file }
            : pipeline.Status;

    /// <summary>What should run as a catalog says.</summary>
    public DesiredState Desired(CatalogState state) => DesiredState.Of(state, Planning.Plan);

    /// <summary>A handle on an instance, not started; here, or in a cluster wherever it runs.</summary>
    public RunningInstance Make(
        DesiredPipeline pipeline, InstanceSpec spec, IReadOnlyDictionary<StreamName, CatalogedStream> streams)
    {
        var input = streams[spec.Input].Partitions[spec.Id.Partition];
        var instance = Host.Cluster?.OpenInstance(spec.Address, input)
            ?? Maker.Make(pipeline, spec, streams, Maker.Source(input, new LogId(spec.Id.InputStream, input.Id.Index)));
        return new RunningInstance(spec, instance, input);
    }

    /// <summary>Stops instances; with checkpoints as far as the settings leave time.</summary>
    public async Task StopAsync(IEnumerable<RunningInstance> instances, bool withCheckpoint)
    {
        using var limit = new CancellationTokenSource(Host.Settings.StopTimeout, Host.Loop.Time);
        var stops = instances.Where(static running => !running.IsOver)
            .Select(running => running.StopAsync(withCheckpoint, limit.Token)).ToList();
        foreach (var stop in stops)
        {
            await stop;
        }
    }
}
