using Orleans.Placement;

namespace Pipeline.Grains.Spreading;

/// <summary>Places a grain by its key, over all silos that there are (<see cref="SpreadDirector"/>).</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SpreadAttribute() : PlacementAttribute(new SpreadPlacement());

/// <summary>Marks grains that <see cref="SpreadDirector"/> places.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("pipeline.SpreadPlacement")]
internal sealed class SpreadPlacement : PlacementStrategy;
