using Pipeline.Grains.Partitions;
using Pipeline.Kernel.Identity;

namespace Pipeline.Grains.Tests.Partitions;

public sealed class StoreIdsTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        StoreId[] ids = [new(1), new(UInt128.MaxValue)];

        Assert.Equal(ids, StoreIds.Read(StoreIds.Write(ids)));
        Assert.Equal([], StoreIds.Read(StoreIds.Write([]))!);
        Assert.Null(StoreIds.Read(StoreIds.Write(null)));
        Assert.Equal(StoreIds.Write(ids), StoreIds.Write([.. ids]));
    }

    [Fact]
    public void What_is_no_id_says_nothing() => Assert.Null(StoreIds.Read("1 x"));
}
