using System.Buffers;
using System.Text;
using Pipeline.Http.Events;
using Xunit;

namespace Pipeline.Http.Tests.Events;

public class TailPositionTests
{
    [Theory]
    [InlineData("0:12,1:7")]
    [InlineData("3:0")]
    public void A_position_reads_as_it_was_written(string text)
    {
        Assert.True(TailPosition.TryParse(text, 4, out var position));
        var written = new ArrayBufferWriter<byte>();
        position.Write(written);

        Assert.Equal(text, Encoding.UTF8.GetString(written.WrittenSpan));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0:")]
    [InlineData("0:-1")]
    [InlineData("4:1")]
    [InlineData("a:1")]
    [InlineData("0:1;1:2")]
    public void Anything_else_is_refused(string text) => Assert.False(TailPosition.TryParse(text, 4, out _));

    [Theory]
    [InlineData("~")]
    [InlineData("~!")]
    [InlineData("~AAAA*")]
    [InlineData("~________________")]
    [InlineData("~BQAA")]
    [InlineData("~AQD_")]
    [InlineData("~AAAA")]
    public void A_damaged_short_form_is_refused(string text) => Assert.False(TailPosition.TryParse(text, 4, out _));

    [Theory]
    [InlineData(17, 0, 0)]
    [InlineData(64, 0, 20)]
    [InlineData(64, long.MaxValue - 20, 20)]
    [InlineData(1024, 1_000_000, 3_000)]
    [InlineData(1024, 0, long.MaxValue)]
    public void Many_partitions_read_as_they_were_written(int partitions, long least, long spread)
    {
        var random = new Random(partitions);
        var next = Enumerable.Range(0, partitions)
            .Select(_ => least + (spread == 0 ? 0 : random.NextInt64(spread))).ToArray();
        var position = new TailPosition();
        for (var i = 0; i < partitions; i++)
        {
            position.Set(i, next[i]);
        }

        var written = new ArrayBufferWriter<byte>();
        position.Write(written);
        var text = Encoding.UTF8.GetString(written.WrittenSpan);

        Assert.True(TailPosition.TryParse(text, partitions, out var read));
        Assert.Equal(next, Enumerable.Range(0, partitions).Select(i => read[i]!.Value));
        Assert.False(TailPosition.TryParse(text, partitions - 1, out _));
        Assert.True(spread > 3_000 || text.Length <= 30 + (partitions * 8 / 3), $"{text.Length} characters");
    }
}
