using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Codes;
using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Sinks;

namespace Pipeline.Runtime.Pipelines;

/// <summary>What the operations on pipelines share: the catalog, what there is, how it is planned and made.</summary>
internal sealed class KeeperCore
{
    private KeeperView _view = KeeperView.Empty;

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

    /// <summary>Another process keeps the pipelines now.</summary>
    public bool IsOvertaken { get; private set; }

    /// <summary>Why the catalog could not be changed.</summary>
    public Obstacle Unchanged => IsOvertaken ? Obstacle.TakenOver : Obstacle.NoMajority;

    /// <summary>
    /// Changes the catalog; null where no majority answered (then it may yet happen), or where another process keeps
    /// it.
    /// </summary>
    public async ValueTask<CatalogChange?> ChangeAsync(
        Func<CatalogState, CatalogState?> change, CancellationToken cancellationToken)
    {
        var outcome = await Catalog.ChangeAsync(change, cancellationToken);
        if (outcome is { IsOvertaken: true } && !IsOvertaken)
        {
            IsOvertaken = true;
            Host.Overtaken?.Invoke();
        }

        return IsOvertaken ? null : outcome;
    }

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
