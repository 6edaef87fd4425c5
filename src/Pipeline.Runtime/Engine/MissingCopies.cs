using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Runtime.Engine;

/// <summary>
/// Partitions whose newest events are not on every store that votes: a store that came back votes as soon as it has all
/// that was finished, and a partition writes to it a little later. Until then, losing one more store can lose what only
/// one has.
/// </summary>
public static class MissingCopies
{
    private const int MostNamed = 5;

    /// <summary>What to tell people; null where there are none.</summary>
    public static string? Describe(
        IReadOnlyList<StoreHealth> stores, IEnumerable<(PartitionId Id, PartitionStatus Status)> partitions)
    {
        StoreId[] voting = [.. stores.Where(static store => store is { IsVoting: true, Id: not null })
            .Select(static store => store.Id!.Value)];
        var missing = partitions
            .Where(partition => partition.Status is { IsServing: true, WrittenTo: { } written }
                && Array.Exists(voting, id => !written.Contains(id)))
            .Select(static partition => $"{partition.Id}").ToArray();
        if (missing.Length == 0)
        {
            return null;
        }

        var more = missing.Length > MostNamed ? $" and {missing.Length - MostNamed} more" : "";
        return $"not written to every store yet: {string.Join(", ", missing.Take(MostNamed))}{more}; "
            + "wait before another store is taken away";
    }
}
