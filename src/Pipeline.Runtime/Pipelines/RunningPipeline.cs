using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Clusters;
using Pipeline.Runtime.Definitions;
using Pipeline.Runtime.Partitions;
using Pipeline.Runtime.Planning;

namespace Pipeline.Runtime.Pipelines;

/// <summary>A pipeline of the catalog as this host runs it; immutable but for its instances' own state.</summary>
/// <param name="Entry">What the catalog says.</param>
/// <param name="Plan">Null where its text can no longer be planned here (<paramref name="Errors"/> say why).</param>
/// <param name="Instances">Stage and sink instances, also while paused.</param>
/// <param name="Errors">Why there is no plan.</param>
internal sealed record RunningPipeline(
    CatalogPipeline Entry,
    PipelinePlan? Plan,
    IReadOnlyList<RunningInstance> Instances,
    IReadOnlyList<DefinitionError> Errors)
{
    public PipelineStatus Status => new()
    {
        Name = Entry.Name,
        Incarnation = Entry.Incarnation,
        Generation = Entry.Generation,
        IsPaused = Entry.IsPaused,
        Definition = Entry.Text,
        MediaType = Entry.MediaType,
        Graph = Plan?.Graph ?? [],
        Instances = [.. Instances.Select(static running => running.Instance.Status)],
        Errors = Errors,
    };
}

/// <summary>An instance, the group it belongs to (null: a sink) and the producers it waits for.</summary>
internal sealed record RunningInstance(
    IInstance Instance,
    GroupPlan? Group,
    InstanceId Id,
    string Upstreams,
    InstanceAddress Address,
    IPartition Input)
{
    /// <summary>The stage instance now; null for a sink.</summary>
    public IInstance? Stage => Group is null ? null : Current;

    private IInstance Current => Instance is ReactivatedInstance { Current: var current } ? current : Instance;
}
