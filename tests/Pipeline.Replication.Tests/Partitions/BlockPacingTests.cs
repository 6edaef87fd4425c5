using Pipeline.Replication.Partitions.Driving;
using Pipeline.TestKit.Loops;
using Xunit;

namespace Pipeline.Replication.Tests.Partitions;

public sealed class BlockPacingTests
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(2);

    private readonly ManualLoop _loop = new();
    private readonly BlockPacing _pacing;
    private int _closed;

    public BlockPacingTests() => _pacing = new BlockPacing(_loop, Gather, () => _closed++);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void After_a_block_of_a_few_parts_the_next_one_is_closed_at_once(int parts)
    {
        Close(parts);
        _pacing.Request();
        _loop.Advance(TimeSpan.Zero);
        Assert.Equal(1, _closed);
    }

    [Fact]
    public void After_a_block_of_many_parts_the_next_one_waits_for_more()
    {
        Close(parts: 16);
        _pacing.Request();
        _loop.Advance(Gather / 2);
        Assert.Equal(0, _closed);
        Assert.True(_pacing.IsRequested);
        _loop.Advance(Gather / 2);
        Assert.Equal(1, _closed);
        Assert.False(_pacing.IsRequested);
    }

    [Fact]
    public void A_block_that_took_longer_than_the_wait_delays_nothing()
    {
        Close(parts: 16);
        _loop.Advance(Gather * 2);
        _pacing.Request();
        _loop.Advance(TimeSpan.Zero);
        Assert.Equal(1, _closed);
    }

    [Fact]
    public void Many_requests_before_it_is_closed_are_one()
    {
        Close(parts: 16);
        for (var i = 0; i < 5; i++)
        {
            _pacing.Request();
        }

        _loop.Advance(Gather);
        _loop.Advance(Gather);
        Assert.Equal(1, _closed);
    }

    private void Close(int parts)
    {
        for (var i = 0; i < parts; i++)
        {
            _pacing.OnPart();
        }

        _pacing.OnClosed();
    }
}
