using System.Text;
using Pipeline.Kernel.Identity;
using Xunit;

namespace Pipeline.Kernel.Tests.Identity;

public class KeySlotTests
{
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void A_key_lies_in_the_slot_of_the_published_hash(string key, ulong published) =>
        Assert.Equal((int)(published % KeySlot.Count), KeySlot.Of(Encoding.UTF8.GetBytes(key)).Value);

    [Fact]
    public void Keys_of_every_length_spread_evenly_over_partitions()
    {
        var counts = new int[8];
        for (var i = 0; i < 80_000; i++)
        {
            var key = $"{i}".PadLeft(5 + (i % 40), '-');
            counts[KeySlot.Of(Encoding.UTF8.GetBytes(key)).Partition(counts.Length)]++;
        }

        Assert.All(counts, n => Assert.InRange(n, 9_000, 11_000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    public void Every_partition_has_one_contiguous_range_of_slots(int partitions)
    {
        var owners = Enumerable.Range(0, KeySlot.Count)
            .Select(slot => new KeySlot(slot).Partition(partitions)).ToList();

        Assert.Equal(owners.Order(), owners);
        Assert.Equal(partitions, owners.Distinct().Count());
    }
}
