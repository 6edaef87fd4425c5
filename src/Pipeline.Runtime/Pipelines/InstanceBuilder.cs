using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Clusters;
using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Partitions;
using Pipeline.Runtime.Planning;
using Pipeline.Runtime.Sinks;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Makes the instances of a plan; starts none.</summary>
internal sealed class InstanceBuilder(
    PipelineHost host, IReadOnlyList<ILoop> loops, ILoop sinks, Func<KeeperView> view)
{
    private int _next;

    /// <summary>The names of all instances of a plan, and the streams they read.</summary>
    public static IEnumerable<InstanceId> Ids(
        long incarnation, PipelinePlan plan, Func<StreamName, (long Id, int Partitions)> streams)
    {
        var readers = plan.Groups.Select(group => (group.Name, group.Input))
            .Concat(plan.Sinks.Select(sink => (sink.Name, sink.Input)));
        foreach (var (name, input) in readers)
        {
            var (id, partitions) = streams(input);
            for (var partition = 0; partition < partitions; partition++)
            {
                yield return new InstanceId(incarnation, name, id, partition);
            }
        }
    }

    /// <param name="entry">The pipeline.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="streams">All streams, its own among them.</param>
    /// <param name="producers">The pipelines that may write what it reads, itself among them.</param>
    /// <param name="only">Null: all of them, each reading from its partition.</param>
    public List<RunningInstance> Build(
        CatalogPipeline entry,
        PipelinePlan plan,
        IReadOnlyDictionary<StreamName, CatalogedStream> streams,
        IReadOnlyList<(long Incarnation, PipelinePlan Plan)> producers,
        OnlyInstance? only = null)
    {
        var instances = new List<RunningInstance>();
        foreach (var group in plan.Groups)
        {
            var upstreams = group.IsIngest ? null : Upstreams(group.Input, streams, producers);
            foreach (var (id, input) in Inputs(entry, group.Name, streams[group.Input], only))
            {
                var address = Address(entry, id, Named(upstreams));
                var stage = host.Cluster?.OpenInstance(address, input) ?? Reactivated(
                    Stage(entry, plan, group, id, streams, upstreams) with { Input = Source(id, input) });
                instances.Add(new RunningInstance(stage, group, id, Named(upstreams), address, input));
            }
        }

        foreach (var sink in plan.Sinks)
        {
            foreach (var (id, input) in Inputs(entry, sink.Name, streams[sink.Input], only))
            {
                var address = Address(entry, id, "");
                var files = host.Cluster?.OpenInstance(address, input) ?? Sink(sink, id, Source(id, input));
                instances.Add(new RunningInstance(files, null, id, "", address, input));
            }
        }

        return instances;

        IBlockSource Source(InstanceId id, IPartition input) => only is null ? Read(id, input) : only.Source(input);
    }

    private IBlockSource Read(InstanceId id, IPartition input) => host.Closed is { } closed
        ? new LogSource(input, closed(new LogId(id.InputStream, id.Partition)), host.Loop.Time)
        : input;

    private static IEnumerable<(InstanceId Id, IPartition Input)> Inputs(
        CatalogPipeline entry, string name, CatalogedStream stream, OnlyInstance? only) =>
        stream.Partitions
            .Select(input => (Id: new InstanceId(entry.Incarnation, name, stream.Id, input.Id.Index), Input: input))
            .Where(instance => only is null || only.Is(instance.Id));

    private static InstanceAddress Address(CatalogPipeline entry, InstanceId id, string upstreams) => new(
        entry.Name,
        id.Stage,
        id.InputStream,
        id.Partition,
        Hash128.Of(Encoding.UTF8.GetBytes($"{entry.Incarnation}\n{entry.Generation}\n{upstreams}")).ToString());

    private ReactivatedInstance Reactivated(StageSetup setup) => Reactivated(setup.Loop, () => new StageInstance(
        setup with { Checkpoints = new CheckpointRegister(host.Registers, host.Stores, setup.Id) }));

    private ReactivatedInstance Sink(SinkPlan sink, InstanceId id, IBlockSource input) =>
        Reactivated(sinks, () => new FileSink(new FileSinkSetup(
            id,
            sinks,
            host.Settings,
            new CheckpointRegister(host.Registers, host.Stores, id),
            sink.Files,
            input,
            host.SinkFiles ?? new SinkDirectory())));

    private StageSetup Stage(
        CatalogPipeline entry,
        PipelinePlan plan,
        GroupPlan group,
        InstanceId id,
        IReadOnlyDictionary<StreamName, CatalogedStream> streams,
        IReadOnlyList<Hash128>? upstreams)
    {
        var targets = new List<CatalogedStream>();
        var keyed = new List<bool>();
        int Target(StreamName? name, bool isKeyed)
        {
            if (name is not { } stream)
            {
                return -1;
            }

            targets.Add(streams[stream]);
            keyed.Add(isKeyed);
            return targets.Count - 1;
        }

        var nodes = group.Nodes.Select(planned => planned.Node with
        {
            Output = Target(planned.Output, planned.IsKeyed),
            Late = Target(planned.Late, false),
        }).ToList();
        var letters = Target(PipelinePlan.DeadLetters(plan.Name), false);
        return new StageSetup
        {
            Id = id,
            Loop = Loop(),
            Settings = host.Settings,
            Checkpoints = new CheckpointRegister(host.Registers, host.Stores, id),
            Input = streams[group.Input].Partitions[id.Partition],
            Targets = targets,
            FeedsStages = stream => view().StageInputs.Contains(stream.Name),
            Layout = new StageLayout
            {
                Producer = id.Producer,
                Generation = entry.Generation,
                InputStream = group.Input.Value,
                Partition = id.Partition,
                Upstreams = upstreams,
                Timestamp = group.Timestamp,
                MaxAhead = group.MaxAhead.Ticks,
                MaxStateBytes = host.Settings.StateBytes,
                MaxStepBytes = host.Settings.InFlightBytes,
                Nodes = nodes,
                Targets = [.. targets.Select((stream, t) =>
                    new StageTarget(stream.Id, stream.Partitions.Count, keyed[t], stream.Definition.KeyHash))],
                DeadLetters = letters,
            },
        };
    }

    /// <summary>The instances that write a stream.</summary>
    private static List<Hash128> Upstreams(
        StreamName stream,
        IReadOnlyDictionary<StreamName, CatalogedStream> streams,
        IReadOnlyList<(long Incarnation, PipelinePlan Plan)> producers)
    {
        var upstreams = new List<Hash128>();
        foreach (var (incarnation, plan) in producers)
        {
            foreach (var group in plan.Groups.Where(group => group.Nodes.Any(node => node.Output == stream)))
            {
                var input = streams[group.Input];
                upstreams.AddRange(Enumerable.Range(0, input.Partitions.Count).Select(partition =>
                    new InstanceId(incarnation, group.Name, input.Id, partition).Producer));
            }
        }

        return upstreams;
    }

    private static string Named(IReadOnlyList<Hash128>? upstreams) => string.Join(',', upstreams ?? []);

    private ReactivatedInstance Reactivated(ILoop loop, Func<IInstance> make) =>
        new(loop, new Random(host.Draw.Next()), make);

    private ILoop Loop() => loops[_next++ % loops.Count];
}
