using Orleans.Placement;
using Pipeline.Grains.Spreading;

namespace Pipeline.Grains.Benchmarks.Placement;

/// <summary>A grain that only says where it is; one class a way to place it.</summary>
internal interface IPlacedGrain : IGrainWithStringKey
{
    Task<SiloAddress> WhereAsync();
}

internal abstract class PlacedGrain(ILocalSiloDetails silo) : Grain, IPlacedGrain
{
    public Task<SiloAddress> WhereAsync() => Task.FromResult(silo.SiloAddress);
}

[RandomPlacement, GrainType("placed-random")]
internal sealed class RandomGrain(ILocalSiloDetails silo) : PlacedGrain(silo);

[ActivationCountBasedPlacement, GrainType("placed-count")]
internal sealed class CountGrain(ILocalSiloDetails silo) : PlacedGrain(silo);

[ResourceOptimizedPlacement, GrainType("placed-resources")]
internal sealed class ResourcesGrain(ILocalSiloDetails silo) : PlacedGrain(silo);

[HashBasedPlacement, GrainType("placed-hash")]
internal sealed class HashGrain(ILocalSiloDetails silo) : PlacedGrain(silo);

[Spread, GrainType("placed-spread")]
internal sealed class SpreadGrain(ILocalSiloDetails silo) : PlacedGrain(silo);
