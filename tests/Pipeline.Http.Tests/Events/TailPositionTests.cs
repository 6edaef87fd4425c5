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
}
