using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Processing.Sinks;
using Pipeline.Processing.Stages;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Reading;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Makes instances to run in this process; starts none.</summary>
internal sealed class InstanceMaker(PipelineHost host, IReadOnlyList<ILoop> loops, ILoop sinks, Func<KeeperView> view)
{
    private int _next;

    /// <param name="pipeline">The pipeline it belongs to.</param>
    /// <param name="spec">What it is.</param>
    /// <param name="streams">All streams.</param>
    /// <param name="input">Through what it reads its input.</param>
    public IInstance Make(
        DesiredPipeline pipeline,
        InstanceSpec spec,
        IReadOnlyDictionary<StreamName, CatalogedStream> streams,
        IBlockSource input)
    {
        var loop = spec.Sink is null ? loops[_next++ % loops.Count] : sinks;
        Func<CutOrder?, IInstance> make = spec.Sink is { } sink
            ? cut => Sink(pipeline, spec, sink, input, cut)
            : cut => Stage(pipeline, spec, streams, input, loop, cut);
        return new ReactivatedInstance(loop, new Random(host.Draw.Next()), make);
    }

    /// <summary>How stages in this process read: closed segments from a store, where the host gives them.</summary>
    public IBlockSource Source(IPartition input, LogId log) => host.Closed is { } closed
        ? new LogSource(input, closed(log), host.Loop.Time)
        : input;

    private FileSink Sink(
        DesiredPipeline pipeline, InstanceSpec spec, SinkPlan sink, IBlockSource input, CutOrder? cut) => new(
        new FileSinkSetup(
            spec.Id,
            sinks,
            host.Settings,
            new CheckpointRegister(host.Registers, host.Stores, spec.Id),
            sink.Files,
            input,
            host.SinkFiles ?? new SinkDirectory(),
            () => new SinkClaim(view().State.Id, pipeline.Name, sink.Name, sink.Input.Value, spec.Id.InputStream))
        {
            Term = cut?.Term ?? pipeline.Entry.Term,
            Cut = cut,
        });

    private StageInstance Stage(
        DesiredPipeline pipeline,
        InstanceSpec spec,
        IReadOnlyDictionary<StreamName, CatalogedStream> streams,
        IBlockSource input,
        ILoop loop,
        CutOrder? cut)
    {
        var (layout, targets) = InstanceLayout.Of(pipeline, spec, streams, host.Settings, cut?.Term);
        return new StageInstance(new StageSetup
        {
            Id = spec.Id,
            Loop = loop,
            Settings = host.Settings,
            Checkpoints = new CheckpointRegister(host.Registers, host.Stores, spec.Id),
            Input = input,
            Targets = [.. targets.Select(static stream => stream.Partitions)],
            FeedsStages = target => view().StageInputs.Contains(targets[target].Name),
            Cut = cut,
            Layout = layout,
        });
    }
}
