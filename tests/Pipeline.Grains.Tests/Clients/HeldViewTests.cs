using System.Text.Json;
using Pipeline.Grains.Clients;
using Pipeline.Grains.Keeping;
using Pipeline.Grains.Partitions;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Engine;

namespace Pipeline.Grains.Tests.Clients;

/// <summary>What a front says of its cluster's health from what it was told.</summary>
public sealed class HeldViewTests
{
    private static readonly StoreId[] Stores = [new(1), new(2), new(3)];

    [Fact]
    public void A_partition_that_does_not_write_to_every_store_is_told_of() => Assert.Equal(
        "not written to every store yet: s/1; wait before another store is taken away", CopiesOf(Stores[..2]));

    [Fact]
    public void Where_all_write_to_all_nothing_is() => Assert.Null(CopiesOf(Stores));

    [Fact]
    public void A_silo_of_before_says_nothing_of_it() => Assert.Null(CopiesOf(null));

    private static string? CopiesOf(IReadOnlyList<StoreId>? writtenTo)
    {
        var view = new HeldView(null!, TimeProvider.System);
        var state = new ClusterState
        {
            Pipelines = [],
            NotServing = [],
            Partitions = [Partition(0, Stores), Partition(1, writtenTo)],
            Stores = [.. Stores.Select(static (id, slot) => new KeptStore($"{slot}", $"{id}", true, null))],
        };
        view.Take(view.NextTurn(), new StateNews(Guid.NewGuid(), JsonSerializer.SerializeToUtf8Bytes(state)));
        return view.Describe(EngineState.Running).Checks.Single(static check => check.Name == "copies").Reason;
    }

    private static KeptPartition Partition(int index, IReadOnlyList<StoreId>? writtenTo) =>
        new("s", index, 0, 0, 0, 0, 0, 0, IsServing: true) { WrittenTo = StoreIds.Write(writtenTo) };
}
