using System.Text;
using Orleans.Runtime.Placement;
using Pipeline.Kernel.Identity;

namespace Pipeline.Grains.Spreading;

/// <summary>
/// Where a hint says so, there; else the silo with the highest hash of key and silo: where a silo dies, only what it
/// had finds another place.
/// </summary>
internal sealed class SpreadDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        return Task.FromResult(IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) ?? Choose(
            target.GrainIdentity.Key.ToString()!, silos));
    }

    /// <summary>The place of a key.</summary>
    public static SiloAddress Choose(string key, IReadOnlyCollection<SiloAddress> silos) =>
        silos.MaxBy(silo => Hash128.Of(Encoding.UTF8.GetBytes($"{PlaceOf(key)}\n{silo}")).High)!;

    /// <summary>The last two segments, stream number and partition: a stage is placed with what it reads.</summary>
    private static string PlaceOf(string key)
    {
        var parts = key.Split('/');
        return parts.Length < 2 ? key : $"{parts[^2]}/{parts[^1]}";
    }
}
