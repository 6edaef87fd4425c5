using Pipeline.Processing.Instances;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

public sealed class StateLimitTests
{
    [Theory]
    [InlineData(null, 1L << 30)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("1MiB", 1L << 20)]
    [InlineData("1.5GiB", 1536L << 20)]
    public void A_size_is_read(string? text, long expected)
    {
        Assert.True(StateLimit.TryRead(text, out var bytes, out var error), error);
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("much")]
    [InlineData("100KiB")]
    [InlineData("2GiB")]
    [InlineData("-1MiB")]
    [InlineData("1000000")]
    public void Anything_else_is_refused_with_what_was_expected(string text)
    {
        Assert.False(StateLimit.TryRead(text, out _, out var error));
        Assert.Equal(
            $"Pipeline:Stages:StateBytes must be a size from 1MiB to 1536MiB, such as 512MiB, not '{text}'.", error);
    }
}
