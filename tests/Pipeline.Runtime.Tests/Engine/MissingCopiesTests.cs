using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Engine;
using Xunit;

namespace Pipeline.Runtime.Tests.Engine;

/// <summary>When losing one more store could lose what only one has.</summary>
public sealed class MissingCopiesTests
{
    private static readonly StoreId[] Ids = [new(1), new(2), new(3)];

    private readonly StoreHealth[] _stores =
        [.. Ids.Select(static (id, slot) => new StoreHealth($"{slot + 1}", id, true, null))];

    [Fact]
    public void A_partition_that_writes_to_every_voting_store_lacks_none() =>
        Assert.Null(MissingCopies.Describe(_stores, [Partition(0, Ids), Partition(1, [Ids[2], Ids[0], Ids[1]])]));

    [Fact]
    public void One_that_does_not_write_to_a_store_that_votes_is_named()
    {
        var told = MissingCopies.Describe(_stores, [Partition(0, Ids), Partition(1, [Ids[0], Ids[1]])]);

        Assert.Equal("not written to every store yet: s/1; wait before another store is taken away", told);
    }

    [Fact]
    public void A_store_that_came_back_as_another_one_has_nothing_of_what_its_former_self_had()
    {
        var stores = _stores[..2].Append(new StoreHealth("3", new StoreId(4), true, null)).ToArray();

        Assert.NotNull(MissingCopies.Describe(stores, [Partition(0, Ids)]));
    }

    [Fact]
    public void A_store_that_does_not_vote_is_told_of_by_itself()
    {
        _stores[2] = _stores[2] with { IsVoting = false };

        Assert.Null(MissingCopies.Describe(_stores, [Partition(0, [Ids[0], Ids[1]])]));
    }

    [Fact]
    public void Of_what_does_not_serve_or_does_not_say_nothing_is_told() => Assert.Null(MissingCopies.Describe(
        _stores,
        [
            (Id(0), Status(0) with { IsServing = false, WrittenTo = [] }),
            (Id(1), Status(1) with { WrittenTo = null }),
        ]));

    [Fact]
    public void Of_many_five_are_named()
    {
        var told = MissingCopies.Describe(_stores, Enumerable.Range(0, 8).Select(index => Partition(index, [])));

        Assert.StartsWith("not written to every store yet: s/0, s/1, s/2, s/3, s/4 and 3 more; ", told);
    }

    private static (PartitionId Id, PartitionStatus Status) Partition(int index, IReadOnlyList<StoreId> writtenTo) =>
        (Id(index), Status(index) with { WrittenTo = writtenTo });

    private static PartitionId Id(int index) => new(new StreamName("s"), index);

    private static PartitionStatus Status(int index) => new(index, default, default, default, 0, 0, 0, IsServing: true);
}
