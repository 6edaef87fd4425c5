using System.Net;
using Pipeline.Grains.Keeping;
using Pipeline.Grains.Spreading;
using Pipeline.Kernel.Identity;

namespace Pipeline.Grains.Tests.Keeping;

public sealed class BalancePlanTests
{
    [Fact]
    public void One_partition_moves_from_the_fullest_silo_to_the_emptiest()
    {
        var placed = Placed(("s", 1), ("s", 1), ("s", 1), ("s", 2));
        Assert.Equal(new BalanceMove(0, Silo(2)), BalancePlan.Next(placed, Silos("", "")));
        Assert.Null(BalancePlan.Next(Placed(("s", 1), ("s", 1), ("s", 2)), Silos("", "")));
    }

    [Fact]
    public void A_zone_with_one_silo_gets_as_much_as_one_with_two()
    {
        var placed = Placed(("s", 1), ("s", 1), ("s", 2), ("s", 3));
        Assert.Equal(new BalanceMove(0, Silo(3)), BalancePlan.Next(placed, Silos("a", "a", "b")));
        Assert.Null(BalancePlan.Next(Placed(("s", 1), ("s", 2), ("s", 3), ("s", 3)), Silos("a", "a", "b")));
    }

    [Fact]
    public void Streams_of_one_partition_do_not_all_stay_on_one_silo()
    {
        var placed = Placed(("s", 1), ("t", 1), ("u", 1), ("v", 1));
        Assert.Equal(Silo(2), BalancePlan.Next(placed, Silos("", ""))?.Target);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void From_any_placement_zones_silos_and_streams_become_even_and_then_nothing_moves(int seed)
    {
        for (var round = 0; round < 200; round++)
        {
            var draw = new Random((seed * 1000) + round);
            var silos = Silos([.. Enumerable.Range(0, draw.Next(1, 7)).Select(_ => $"{draw.Next(3)}")]);
            var placed = Placed([.. Enumerable.Range(0, draw.Next(60)).Select(_ =>
                ($"s{draw.Next(5)}", 1 + draw.Next(silos.Length)))]);
            for (var moves = 0; BalancePlan.Next(placed, silos) is { } move; moves++)
            {
                Assert.True(moves < 2 * placed.Count, "it ends");
                Assert.NotEqual(placed[move.Partition].Silo, move.Target);
                placed[move.Partition] = placed[move.Partition] with { Silo = move.Target };
            }

            AssertEven(placed, [.. silos.GroupBy(static place => place.Zone).Select(Addresses)]);
            foreach (var zone in silos.GroupBy(static place => place.Zone))
            {
                AssertEven(placed, [.. zone.Select(static place => new[] { place.Silo })]);
            }
        }
    }

    private static SiloAddress[] Addresses(IGrouping<string, SiloPlace> zone) =>
        [.. zone.Select(static place => place.Silo)];

    private static void AssertEven(List<PlacedPartition> placed, SiloAddress[][] groups)
    {
        foreach (var stream in placed.GroupBy(static partition => partition.Id.Stream).Append(placed.AsEnumerable()))
        {
            var shares = groups.Select(group => stream.Count(one => group.Contains(one.Silo))).ToList();
            Assert.InRange(shares.Max() - shares.Min(), 0, 1);
        }
    }

    private static SiloPlace[] Silos(params string[] zones) =>
        [.. zones.Select(static (zone, i) => new SiloPlace(Silo(i + 1), zone))];

    private static List<PlacedPartition> Placed(params (string Stream, int Silo)[] partitions) =>
        [.. partitions.Select(static (one, i) =>
            new PlacedPartition(new PartitionId(new StreamName(one.Stream), i), Silo(one.Silo)))];

    private static SiloAddress Silo(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, number), 1);
}
