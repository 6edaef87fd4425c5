using Pipeline.Grains.Spreading;
using Pipeline.Kernel.Identity;

namespace Pipeline.Grains.Keeping;

/// <summary>A partition and where it is served.</summary>
internal readonly record struct PlacedPartition(PartitionId Id, SiloAddress Silo);

/// <summary>A partition (its place in the list) that is to be served elsewhere.</summary>
internal readonly record struct BalanceMove(int Partition, SiloAddress Target);

/// <summary>
/// Which partition moves next so that zones, and silos within each zone, differ by at most one: first in how many they
/// have of each stream, then in how many they have at all.
/// </summary>
internal static class BalancePlan
{
    /// <summary>Null: all is even. Every partition is on one of the silos.</summary>
    public static BalanceMove? Next(IReadOnlyList<PlacedPartition> placed, IReadOnlyList<SiloPlace> silos)
    {
        var zones = silos.GroupBy(static place => place.Zone, static place => place.Silo)
            .Select(static zone => zone.ToList()).ToList();
        var move = Between(placed, zones);
        foreach (var zone in zones)
        {
            move ??= Between(placed, [.. zone.Select(static silo => new List<SiloAddress> { silo })]);
        }

        return move;
    }

    private static BalanceMove? Between(IReadOnlyList<PlacedPartition> placed, List<List<SiloAddress>> groups)
    {
        var groupOf = groups.SelectMany(static (group, i) => group.Select(silo => (silo, i)))
            .ToDictionary(static pair => pair.silo, static pair => pair.i);
        var all = new int[groups.Count];
        var streams = new SortedDictionary<StreamName, int[]>();
        foreach (var partition in placed)
        {
            if (groupOf.TryGetValue(partition.Silo, out var group))
            {
                streams.TryAdd(partition.Id.Stream, new int[groups.Count]);
                streams[partition.Id.Stream][group]++;
                all[group]++;
            }
        }

        var numbers = Enumerable.Range(0, groups.Count).ToList();
        foreach (var (stream, own) in streams)
        {
            var most = numbers.MaxBy(i => (own[i], all[i]));
            var fewest = numbers.MinBy(i => (own[i], all[i]));
            if (own[most] - own[fewest] > 1)
            {
                return Move(placed, stream, groups[most], groups[fewest]);
            }
        }

        // One that has more at all has more of some stream: by one, and by one less if that goes.
        var (full, empty) = (numbers.MaxBy(i => all[i]), numbers.MinBy(i => all[i]));
        return all[full] - all[empty] > 1
            ? Move(placed, streams.First(pair => pair.Value[full] > pair.Value[empty]).Key, groups[full], groups[empty])
            : null;
    }

    private static BalanceMove Move(
        IReadOnlyList<PlacedPartition> placed, StreamName stream, List<SiloAddress> from, List<SiloAddress> to)
    {
        var source = from.MaxBy(Share);
        var target = to.MinBy(Share);
        var partition = Enumerable.Range(0, placed.Count)
            .First(i => placed[i].Id.Stream == stream && placed[i].Silo.Equals(source));
        return new BalanceMove(partition, target!);

        (int Own, int All) Share(SiloAddress silo) => (
            placed.Count(other => other.Id.Stream == stream && other.Silo.Equals(silo)),
            placed.Count(other => other.Silo.Equals(silo)));
    }
}
