using Xunit;

namespace Pipeline.Definitions.Tests;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("12 h", 43_200_000)]
    [InlineData("7d", 604_800_000)]
    public void Durations_are_read(string text, double milliseconds)
    {
        Assert.True(Quantity.TryDuration(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("100B", 100)]
    [InlineData("64KiB", 65_536)]
    [InlineData("1.5MiB", 1_572_864)]
    [InlineData("2GB", 2_000_000_000)]
    public void Sizes_are_read(string text, long bytes)
    {
        Assert.True(Quantity.TrySize(text, out var size));
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("-1s")]
    [InlineData("s")]
    [InlineData("1e3s")]
    [InlineData("99999999999999d")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(Quantity.TryDuration(text, out _));
        Assert.False(Quantity.TrySize(text, out _));
    }
}
