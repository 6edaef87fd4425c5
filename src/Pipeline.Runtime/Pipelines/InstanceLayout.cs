using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>What an instance of a plan's stages computes and writes, whoever runs it.</summary>
internal static class InstanceLayout
{
    /// <param name="pipeline">The pipeline it belongs to.</param>
    /// <param name="spec">What it is: no sink.</param>
    /// <param name="streams">All streams.</param>
    /// <param name="settings">How much it may hold.</param>
    /// <param name="term">The term it runs under; null: the pipeline's.</param>
    /// <returns>It, and the streams it writes, in the order of its targets.</returns>
    public static (StageLayout Layout, IReadOnlyList<CatalogedStream> Targets) Of(
        DesiredPipeline pipeline,
        InstanceSpec spec,
        IReadOnlyDictionary<StreamName, CatalogedStream> streams,
        PipelineSettings settings,
        long? term = null)
    {
        var targets = new Numbered(streams);
        var group = spec.Group!;
        var nodes = group.Nodes.Select(planned => planned.Node with
        {
            Output = targets.Add(planned.Output, planned.IsKeyed),
            Late = targets.Add(planned.Late, false),
        }).ToList();
        var letters = targets.Add(PipelinePlan.DeadLetters(pipeline.Name), false);
        var layout = new StageLayout
        {
            Producer = spec.Id.Producer,
            Generation = term ?? pipeline.Entry.Term,
            Layout = pipeline.Entry.Layout,
            InputStream = group.Input.Value,
            Partition = spec.Id.Partition,
            Upstreams = spec.Upstreams,
            Timestamp = group.Timestamp,
            MaxAhead = group.MaxAhead.Ticks,
            MaxStateBytes = settings.StateBytes,
            MaxStepBytes = settings.InFlightBytes,
            Nodes = nodes,
            Targets = targets.Kernel,
            DeadLetters = letters,
        };
        return (layout, targets.Streams);
    }

    /// <summary>The streams a stage writes, numbered.</summary>
    private sealed class Numbered(IReadOnlyDictionary<StreamName, CatalogedStream> streams)
    {
        public List<CatalogedStream> Streams { get; } = [];

        public List<StageTarget> Kernel { get; } = [];

        /// <summary>Its number; -1 for none. Operators that write one stream write it as one producer.</summary>
        public int Add(StreamName? name, bool isKeyed)
        {
            if (name is not { } stream)
            {
                return -1;
            }

            if (Streams.FindIndex(target => target.Name == stream) is >= 0 and var known)
            {
                return known;
            }

            var target = streams[stream];
            Streams.Add(target);
            Kernel.Add(new StageTarget(target.Id, target.Partitions.Count, isKeyed, target.Definition.KeyHash));
            return Streams.Count - 1;
        }
    }
}
