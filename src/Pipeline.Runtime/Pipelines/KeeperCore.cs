using Pipeline.Kernel.Identity;
using Pipeline.Queries.Compilation;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Codes;
using Pipeline.Runtime.Definitions;
using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Planning;
using Pipeline.Runtime.Sinks;

namespace Pipeline.Runtime.Pipelines;

/// <summary>What the operations on pipelines share: the catalog, what runs, and how it is planned and built.</summary>
internal sealed class KeeperCore
{
    private KeeperView _view = KeeperView.Empty;

    public KeeperCore(PipelineHost host)
    {
        Host = host;
        Catalog = new CatalogRegister(host.Registers, new Random(host.Draw.Next()));
        Sinks = new SinkDirectories(host.SinkFiles ?? new SinkDirectory(), host.Settings);
        Codes = new StageCodes(host.Settings.CodeDirectory);
        ILoop[] loops = [.. Enumerable.Range(0, host.Settings.StageLoops).Select(i => host.NewLoop($"stages-{i}"))];
        Builder = new InstanceBuilder(host, loops, host.NewLoop("sinks"), () => View);
    }

    public PipelineHost Host { get; }

    public CatalogRegister Catalog { get; }

    public StageCodes Codes { get; }

    public SinkDirectories Sinks { get; }

    public InstanceBuilder Builder { get; }

    /// <summary>Set on the host's loop only.</summary>
    public KeeperView View
    {
        get => Volatile.Read(ref _view);
        set => Volatile.Write(ref _view, value);
    }

    public PlanningOutcome Plan(CatalogState state, CatalogPipeline entry)
    {
        var read = DefinitionReader.Read(entry.Text, Host.Settings.Variables);
        return read.Definition is null
            ? new PlanningOutcome(null, read.Errors)
            : PipelinePlanner.Plan(read.Definition, World(state, entry.Name));
    }

    public PlanningWorld World(CatalogState state, string pipeline) => new()
    {
        Compile = QueryCompiler.Compile,
        Streams = CatalogRules.StreamsOfOthers(state, pipeline),
        Codes = Codes,
    };

    /// <summary>The pipelines of a catalog with their plans, and no instances yet.</summary>
    public List<RunningPipeline> PlanAll(CatalogState state) => [.. state.Pipelines.Select(entry =>
    {
        var outcome = Plan(state, entry);
        return new RunningPipeline(entry, outcome.Plan, [], outcome.Errors);
    })];

    /// <summary>
    /// Makes the instances of a pipeline, or only one; <paramref name="others"/> may write what it reads.
    /// </summary>
    public RunningPipeline Build(
        RunningPipeline pipeline,
        IReadOnlyDictionary<StreamName, CatalogedStream> streams,
        IEnumerable<(CatalogPipeline Entry, PipelinePlan? Plan)> others,
        OnlyInstance? only = null)
    {
        var entry = pipeline.Entry;
        if (pipeline.Plan is not { } plan)
        {
            return pipeline with { Instances = [] };
        }

        var producers = others.Where(other => other.Plan is not null && other.Entry.Name != entry.Name)
            .Select(other => (other.Entry.Incarnation, other.Plan!)).Append((entry.Incarnation, plan)).ToList();
        return pipeline with { Instances = Builder.Build(entry, plan, streams, producers, only) };
    }

    public static void Start(RunningPipeline pipeline)
    {
        foreach (var running in pipeline.Entry.IsPaused ? [] : pipeline.Instances)
        {
            running.Instance.Start();
        }
    }

    /// <summary>Stops instances; with checkpoints as far as the settings leave time.</summary>
    public async Task StopAsync(IEnumerable<RunningInstance> instances, bool withCheckpoint)
    {
        using var limit = new CancellationTokenSource(Host.Settings.StopTimeout, Host.Loop.Time);
        var stops = instances
            .Select(running => running.Instance.StopAsync(withCheckpoint, limit.Token).AsTask()).ToList();
        foreach (var stop in stops)
        {
            await stop;
        }
    }
}
