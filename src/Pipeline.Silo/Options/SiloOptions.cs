using Pipeline.Grains.Membership;
using Pipeline.Runtime.Pipelines;
using Pipeline.Storage.Blobs;

namespace Pipeline.Silo.Options;

/// <summary>What a silo of the pipeline is told besides the sections of Orleans, checked.</summary>
internal sealed record SiloOptions
{
    /// <summary>Addresses of the health endpoints.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>
    /// What the configuration says about definitions and sinks; the folder where their relative paths start is the
    /// same for all silos.
    /// </summary>
    public required PipelineSettings Settings { get; init; }

    /// <summary>Where the members of the cluster are known.</summary>
    public required MembershipDatabase? Membership { get; init; }

    /// <summary>How much memory a stage instance's state may take.</summary>
    public required long StateBytes { get; init; }

    public required IReadOnlyList<IStoreSlot> Slots { get; init; }
}
