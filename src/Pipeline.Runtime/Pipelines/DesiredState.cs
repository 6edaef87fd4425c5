using System.Text;
using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// What should run: a pure function of the catalog (and of the C# stages that this process knows). Computing it opens,
/// starts and stops nothing.
/// </summary>
internal sealed class DesiredState
{
    private DesiredState(CatalogState state, IReadOnlyList<DesiredPipeline> pipelines) =>
        (State, Pipelines) = (state, pipelines);

    public CatalogState State { get; }

    /// <summary>By name.</summary>
    public IReadOnlyList<DesiredPipeline> Pipelines { get; }

    /// <param name="state">The catalog.</param>
    /// <param name="plan">Plans one of its pipelines.</param>
    public static DesiredState Of(CatalogState state, Func<CatalogState, CatalogPipeline, PlanningOutcome> plan)
    {
        var planned = state.Pipelines.Select(entry => (Entry: entry, Outcome: plan(state, entry))).ToList();
        var producers = planned.Where(pipeline => pipeline.Outcome.Plan is not null)
            .Select(pipeline => (pipeline.Entry.Incarnation, Plan: pipeline.Outcome.Plan!)).ToList();
        return new DesiredState(state, [.. planned.Select(pipeline => new DesiredPipeline(
            pipeline.Entry,
            pipeline.Outcome.Plan,
            pipeline.Outcome.Errors,
            pipeline.Outcome.Plan is { } found ? Instances(state, pipeline.Entry, found, producers) : []))]);
    }

    public DesiredPipeline? Find(string name) => Pipelines.FirstOrDefault(pipeline => pipeline.Name == name);

    /// <summary>The names on the stores of all instances of a plan.</summary>
    public static IEnumerable<InstanceId> Ids(CatalogState state, long incarnation, PipelinePlan plan) =>
        from reader in plan.Groups.Select(static stages => (stages.Name, stages.Input))
            .Concat(plan.Sinks.Select(sink => (sink.Name, sink.Input)))
        let input = state.Stream(reader.Input)
        where input is not null
        from partition in Enumerable.Range(0, input.Definition.Partitions)
        select new InstanceId(incarnation, reader.Name, input.Id, partition);

    private static List<InstanceSpec> Instances(
        CatalogState state,
        CatalogPipeline entry,
        PipelinePlan plan,
        IReadOnlyList<(long Incarnation, PipelinePlan Plan)> producers)
    {
        var instances = new List<InstanceSpec>();
        foreach (var group in plan.Groups)
        {
            var upstreams = group.IsIngest ? null : Upstreams(group.Input, state, producers);
            instances.AddRange(Each(group.Name, group.Input).Select(id => new InstanceSpec(
                Address(entry, id, upstreams), id, group.Input, group, null, upstreams)));
        }

        foreach (var sink in plan.Sinks)
        {
            instances.AddRange(Each(sink.Name, sink.Input).Select(id => new InstanceSpec(
                Address(entry, id, null), id, sink.Input, null, sink, null)));
        }

        return instances;

        IEnumerable<InstanceId> Each(string name, StreamName input) => state.Stream(input) is { } stream
            ? Enumerable.Range(0, stream.Definition.Partitions)
                .Select(partition => new InstanceId(entry.Incarnation, name, stream.Id, partition))
            : [];
    }

    private static InstanceAddress Address(CatalogPipeline entry, InstanceId id, IReadOnlyList<Hash128>? upstreams) =>
        new(
            entry.Name,
            id.Stage,
            id.InputStream,
            id.Partition,
            Hash128.Of(Encoding.UTF8.GetBytes(
                $"{entry.Incarnation}\n{entry.Term}\n{string.Join(',', upstreams ?? [])}")).ToString());

    /// <summary>The instances that write a stream.</summary>
    private static List<Hash128> Upstreams(
        StreamName stream, CatalogState state, IReadOnlyList<(long Incarnation, PipelinePlan Plan)> producers) =>
    [
        .. from producer in producers
           from grouped in producer.Plan.Groups
           where grouped.Nodes.Any(node => node.Output == stream)
           let input = state.Stream(grouped.Input)
           where input is not null
           from partition in Enumerable.Range(0, input.Definition.Partitions)
           select new InstanceId(producer.Incarnation, grouped.Name, input.Id, partition).Producer,
    ];
}
