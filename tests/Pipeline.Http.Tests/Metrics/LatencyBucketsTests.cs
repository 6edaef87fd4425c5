using Pipeline.Monitoring.Metrics;
using Xunit;

namespace Pipeline.Http.Tests.Metrics;

public sealed class LatencyBucketsTests
{
    private readonly LatencyBuckets _buckets = new();
    private readonly long[] _before = new long[LatencyBuckets.Count];
    private readonly long[] _now = new long[LatencyBuckets.Count];

    [Theory]
    [InlineData(0.5, 0.050)]
    [InlineData(0.99, 0.099)]
    public void A_quantile_is_right_to_a_tenth(double share, double seconds)
    {
        for (var ms = 1; ms <= 100; ms++)
        {
            _buckets.Take(ms / 1000.0);
        }

        _buckets.CopyTo(_now);
        Assert.InRange(LatencyBuckets.Quantile(_before, _now, share), seconds * 0.9, seconds * 1.1);
    }

    [Fact]
    public void Only_what_was_counted_between_two_copies_is_in_it()
    {
        _buckets.Take(10);
        _buckets.CopyTo(_before);
        _buckets.Take(0.001);
        _buckets.CopyTo(_now);

        Assert.InRange(LatencyBuckets.Quantile(_before, _now, 0.99), 0.0008, 0.0013);
        Assert.Equal(double.NaN, LatencyBuckets.Quantile(_now, _now, 0.5));
    }

    [Fact]
    public void What_is_shorter_or_longer_than_all_bounds_is_counted_too()
    {
        _buckets.Take(0);
        _buckets.CopyTo(_now);
        Assert.InRange(LatencyBuckets.Quantile(_before, _now, 1), 0, 0.0001);

        _buckets.Take(1e6);
        _buckets.CopyTo(_now);
        Assert.InRange(LatencyBuckets.Quantile(_before, _now, 1), 60, 120);
    }
}
