using System.Text;
using Orleans.Runtime.Placement;
using Pipeline.Kernel.Identity;

namespace Pipeline.Grains.Spreading;

/// <summary>
/// Where a hint says so, there; else in the zone with the highest hash of key and zone, on the silo with the highest
/// hash of key and silo: where a silo dies, only what it had finds another place.
/// </summary>
internal sealed class SpreadDirector(Zones zones) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        return Task.FromResult(IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) ?? Choose(
            target.GrainIdentity.Key.ToString()!, zones.Of(silos)));
    }

    /// <summary>The place of a key.</summary>
    public static SiloAddress Choose(string key, IReadOnlyCollection<SiloPlace> places)
    {
        var zone = places.Select(static place => place.Zone).Distinct().MaxBy(zone => Weight(key, zone));
        return places.Where(place => place.Zone == zone).MaxBy(place => Weight(key, $"{place.Silo}")).Silo;
    }

    private static ulong Weight(string key, string where) =>
        Hash128.Of(Encoding.UTF8.GetBytes($"{PlaceOf(key)}\n{where}")).High;

    /// <summary>The last two segments, stream number and partition: a stage is placed with what it reads.</summary>
    private static string PlaceOf(string key)
    {
        var parts = key.Split('/');
        return parts.Length < 2 ? key : $"{parts[^2]}/{parts[^1]}";
    }
}
