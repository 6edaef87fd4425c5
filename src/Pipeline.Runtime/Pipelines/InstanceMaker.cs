using Pipeline.Definitions;
using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Blobs;
using Pipeline.Processing.Instances;
using Pipeline.Processing.Sinks;
using Pipeline.Processing.Stages;
using Pipeline.Processing.Tables;
using Pipeline.Processing.Webhooks;
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
            ? cut => Sink(pipeline, spec, sink, streams, input, cut)
            : cut => Stage(pipeline, spec, streams, input, loop, cut);
        return new ReactivatedInstance(loop, new Random(host.Draw.Next()), make);
    }

    /// <summary>How stages in this process read: closed segments from a store, where the host gives them.</summary>
    public IBlockSource Source(IPartition input, LogId log) => host.Closed is { } closed
        ? new LogSource(input, closed(log), host.Loop.Time)
        : input;

    private IInstance Sink(
        DesiredPipeline pipeline,
        InstanceSpec spec,
        SinkPlan sink,
        IReadOnlyDictionary<StreamName, CatalogedStream> streams,
        IBlockSource input,
        CutOrder? cut) => sink.Target switch
        {
            FileSinkDefinition files => Files(
                pipeline, spec, sink, files, host.SinkFiles ?? new SinkDirectory(), input, cut),
            BlobSinkDefinition blobs => Files(pipeline, spec, sink, blobs, new BlobFiles(blobs), input, cut),
            PostgresSinkDefinition table => Rows(pipeline, spec, sink, table, streams, input, cut),
            WebhookSinkDefinition webhook => Webhook(pipeline, spec, sink, webhook, streams, input, cut),
            var other => throw new NotSupportedException($"no sink writes to {other.Kind}"),
        };

    private RowSink Rows(
        DesiredPipeline pipeline,
        InstanceSpec spec,
        SinkPlan sink,
        PostgresSinkDefinition table,
        IReadOnlyDictionary<StreamName, CatalogedStream> streams,
        IBlockSource input,
        CutOrder? cut) => new(
        new RowSinkSetup(
            spec.Id,
            sinks,
            host.Settings,
            new CheckpointRegister(host.Registers, host.Stores, spec.Id),
            input,
            new PostgresTable(table, () => new TableCursorKey(
                view().State.Id,
                spec.Id.Incarnation,
                spec.Id.Stage,
                spec.Id.InputStream,
                spec.Id.Partition,
                pipeline.Name)),
            Letters(pipeline, spec, sink, streams))
        {
            Term = cut?.Term ?? pipeline.Entry.Term,
            Cut = cut,
            RestoredEnd = () => Restored(spec) is [.., var last] ? last.End : null,
        });

    private WebhookSink Webhook(
        DesiredPipeline pipeline,
        InstanceSpec spec,
        SinkPlan sink,
        WebhookSinkDefinition webhook,
        IReadOnlyDictionary<StreamName, CatalogedStream> streams,
        IBlockSource input,
        CutOrder? cut) => new(
        new WebhookSinkSetup(
            spec.Id,
            sinks,
            host.Settings,
            new CheckpointRegister(host.Registers, host.Stores, spec.Id),
            input,
            webhook,
            () => new WebhookIdentity(
                view().State.Id,
                pipeline.Name,
                sink.Name,
                sink.Input.Value,
                spec.Id.InputStream,
                spec.Id.Partition,
                webhook.Format)
            {
                Restored = [.. Restored(spec).Select(static restored => (restored.End, restored.History))],
            },
            Letters(pipeline, spec, sink, streams),
            new Random(spec.Id.GetHashCode()))
        {
            Term = cut?.Term ?? pipeline.Entry.Term,
            Cut = cut,
        });

    private IReadOnlyList<CatalogRestoredLog> Restored(InstanceSpec spec) =>
        view().State.RestoredOf(new LogId(spec.Id.InputStream, spec.Id.Partition));

    private static SinkLetters Letters(
        DesiredPipeline pipeline,
        InstanceSpec spec,
        SinkPlan sink,
        IReadOnlyDictionary<StreamName, CatalogedStream> streams) => new(
        spec.Id, sink.Input.Value, streams[PipelinePlan.DeadLetters(pipeline.Name)].Partitions[0]);

    private FileSink Files(
        DesiredPipeline pipeline,
        InstanceSpec spec,
        SinkPlan sink,
        FileTarget files,
        ISinkFiles directory,
        IBlockSource input,
        CutOrder? cut) => new(
        new FileSinkSetup(
            spec.Id,
            sinks,
            host.Settings,
            new CheckpointRegister(host.Registers, host.Stores, spec.Id),
            files,
            input,
            directory,
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
