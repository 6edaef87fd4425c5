using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>An instance that should be: a pure value, computed from the catalog.</summary>
/// <param name="Address">Its name and what it is to run; two with the same address are the same.</param>
/// <param name="Id">Its name on the stores.</param>
/// <param name="Input">The stream it reads.</param>
/// <param name="Group">The stages it runs; null: it is a sink.</param>
/// <param name="Sink">The sink; null: it runs stages.</param>
/// <param name="Upstreams">The producers whose watermarks it waits for; null: its input is an ingest stream.</param>
internal sealed record InstanceSpec(
    InstanceAddress Address,
    InstanceId Id,
    StreamName Input,
    GroupPlan? Group,
    SinkPlan? Sink,
    IReadOnlyList<Hash128>? Upstreams);

/// <summary>A pipeline of the catalog as it should run.</summary>
/// <param name="Entry">What the catalog says.</param>
/// <param name="Plan">Null where its text can no longer be planned here; <paramref name="Errors"/> say why.</param>
/// <param name="Errors">Why there is no plan.</param>
/// <param name="Instances">Its instances; none without a plan.</param>
internal sealed record DesiredPipeline(
    CatalogPipeline Entry,
    PipelinePlan? Plan,
    IReadOnlyList<Definitions.DefinitionError> Errors,
    IReadOnlyList<InstanceSpec> Instances)
{
    public string Name => Entry.Name;
}
