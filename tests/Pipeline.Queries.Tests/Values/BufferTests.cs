using Pipeline.Queries.Values;

namespace Pipeline.Queries.Tests.Values;

public sealed class BufferTests
{
    [Fact]
    public void Scratch_memory_that_one_event_needed_is_given_up_again()
    {
        var scratch = new Scratch();
        scratch.Take(8 << 20);
        scratch.Reset();
        Assert.InRange(scratch.Capacity, 8 << 20, 16 << 20);
        for (var i = 0; i < 200; i++)
        {
            scratch.Take(100);
            scratch.Reset();
        }

        Assert.InRange(scratch.Capacity, 100, BufferUse.Kept);
    }

    [Fact]
    public void What_is_needed_again_and_again_is_kept()
    {
        var scratch = new Scratch();
        for (var i = 0; i < 1000; i++)
        {
            scratch.Take(i % 50 == 0 ? 1 << 20 : 10);
            scratch.Reset();
            Assert.InRange(scratch.Capacity, 1 << 20, 4 << 20);
        }
    }

    [Fact]
    public void So_is_a_result_s_buffer()
    {
        var buffer = new JsonBuffer(8 << 20);
        buffer.Raw(new byte[4 << 20]);
        for (var i = 0; i < 200; i++)
        {
            buffer.Clear();
            buffer.Raw("{}"u8);
        }

        Assert.InRange(buffer.Capacity, 2, BufferUse.Kept);
        Assert.Equal("{}"u8.ToArray(), buffer.Written.ToArray());
    }

    [Fact]
    public void A_full_buffer_takes_nothing_more_and_is_of_use_again_when_cleared()
    {
        var buffer = new JsonBuffer(10);
        buffer.WriteText("123456789"u8);
        Assert.True(buffer.IsFull);
        Assert.InRange(buffer.Length, 0, 10);
        buffer.Clear();
        buffer.WriteText("12345678"u8);
        Assert.False(buffer.IsFull);
        Assert.Equal(10, buffer.Length);
    }
}
