using Pipeline.Definitions;
using Pipeline.Definitions.Planning;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>A pipeline of the catalog as this host runs it; immutable but for its instances' own state.</summary>
/// <param name="Desired">What the catalog says.</param>
/// <param name="Instances">Stage and sink instances, also while paused.</param>
internal sealed record RunningPipeline(DesiredPipeline Desired, IReadOnlyList<RunningInstance> Instances)
{
    public CatalogPipeline Entry => Desired.Entry;

    /// <summary>Null where its text can no longer be planned here (<see cref="Errors"/> say why).</summary>
    public PipelinePlan? Plan => Desired.Plan;

    public IReadOnlyList<DefinitionError> Errors => Desired.Errors;

    public PipelineStatus Status => new()
    {
        Name = Entry.Name,
        Incarnation = Entry.Incarnation,
        Generation = Entry.Generation,
        IsPaused = Entry.IsPaused,
        Definition = Entry.Text,
        MediaType = Entry.MediaType,
        Graph = Plan?.Graph ?? [],
        Instances = [.. Instances.Select(static running => running.Status)],
        Errors = Errors,
    };
}
