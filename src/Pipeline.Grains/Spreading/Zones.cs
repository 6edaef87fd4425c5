using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Pipeline.Grains.Spreading;

/// <summary>
/// The zones of silos, from their settings (<c>Orleans:Metadata:zone</c>). They count only where every silo has said
/// its own: one that is not known yet is not a zone of its own.
/// </summary>
internal sealed class Zones(ISiloMetadataCache metadata)
{
    private const string Key = "zone";

    /// <summary>The silos with their zones, in the order given.</summary>
    public IReadOnlyList<SiloPlace> Of(IEnumerable<SiloAddress> silos)
    {
        var places = silos.Select(silo => new SiloPlace(
            silo, metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(Key) ?? "")).ToList();
        return places.TrueForAll(static place => place.Zone.Length > 0)
            ? places
            : [.. places.Select(static place => place with { Zone = "" })];
    }
}
