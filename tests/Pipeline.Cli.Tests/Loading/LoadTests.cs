using System.Text;
using System.Text.Json;
using Pipeline.Cli.Loading;
using Xunit;

namespace Pipeline.Cli.Tests.Loading;

public sealed class LoadTests
{
    private static readonly LoadOptions Options = new()
    {
        Stream = "s",
        Rate = 1000,
        Keys = 100,
        Size = 200,
        Seconds = 10,
        Batch = 10,
        InFlight = 4,
        Seed = 1,
    };

    [Theory]
    [InlineData(LoadShape.Constant, 1.0)]
    [InlineData(LoadShape.Ramp, 0.5)]
    [InlineData(LoadShape.Step, 0.625)]
    [InlineData(LoadShape.Spike, 0.28)]
    [InlineData(LoadShape.Sine, 0.5)]
    public void A_shape_asks_for_its_share_of_the_full_rate(object shape, double share)
    {
        var moments = LoadSchedule.Moments(Options with { Shape = (LoadShape)shape }).ToList();
        Assert.InRange(moments.Count, (1000 * share) - 1, (1000 * share) + 1);
        Assert.Equal(moments.Order(), moments);
        Assert.InRange(moments[^1], 0, 10);
    }

    [Fact]
    public void By_zipf_s_law_the_first_key_comes_most_and_evenly_all_come_alike()
    {
        var skewed = Draw(new KeyChoice(1000, 1.1, new Random(1)));
        var even = Draw(new KeyChoice(1000, 0, new Random(1)));
        Assert.InRange(skewed[0], 1.6 * skewed[1], 3 * skewed[1]);
        Assert.True(skewed[0] > 10_000);
        Assert.InRange(even[0], 50, 160);
        Assert.Equal(100_000, skewed.Sum());
    }

    [Fact]
    public void A_quantile_is_right_to_a_twentieth_and_the_longest_exactly()
    {
        var latency = new LatencyHistogram();
        for (var i = 1; i <= 10_000; i++)
        {
            latency.Take(i / 1000.0);
        }

        Assert.InRange(latency.Quantile(0.5), 5, 5.25);
        Assert.InRange(latency.Quantile(0.99), 9.9, 10);
        Assert.Equal(10, latency.Longest);
        Assert.Equal(10_000, latency.Filled().Sum(static bucket => bucket.Count));
        Assert.Equal(0, new LatencyHistogram().Quantile(0.5));
    }

    [Fact]
    public void Events_have_the_stream_s_key_and_time_and_the_size_asked_for()
    {
        var body = new LoadBody(Options, "deviceId", "ts", TimeProvider.System);
        var lines = Encoding.UTF8.GetString(body.Next()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, lines.Length);
        Assert.All(lines, static line => Assert.Equal(200, line.Length));
        using var json = JsonDocument.Parse(lines[3]);
        Assert.StartsWith("key-", json.RootElement.GetProperty("deviceId").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, json.RootElement.GetProperty("number").GetInt64());
        Assert.True(json.RootElement.GetProperty("ts").TryGetDateTime(out _));
    }

    [Fact]
    public void A_latency_counts_from_when_the_request_was_due_whatever_came_before()
    {
        var tally = new LoadTally(3);
        tally.Plan(0.5, 10);
        tally.Plan(2.5, 10);
        tally.Accept(0.5, 10, 2);
        tally.Fail(2.5, "503 not-appended");
        var report = new LoadReport(Options, tally, TimeSpan.FromSeconds(3));

        using var json = JsonDocument.Parse(report.ToJson());
        var root = json.RootElement;
        Assert.Equal((20, 10), (root.GetProperty("due").GetInt64(), root.GetProperty("accepted").GetInt64()));
        Assert.Equal(2, root.GetProperty("latencySeconds").GetProperty("max").GetDouble());
        Assert.Equal(1, root.GetProperty("errors").GetProperty("503 not-appended").GetInt64());
        var seconds = root.GetProperty("perSecond").EnumerateArray().ToList();
        Assert.Equal((10, 1), (seconds[0].GetProperty("accepted").GetInt64(),
            seconds[2].GetProperty("failedRequests").GetInt64()));
        var page = LoadPage.Write(report);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.Contains("503 not-appended", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    private static int[] Draw(KeyChoice choice)
    {
        var counts = new int[1000];
        for (var i = 0; i < 100_000; i++)
        {
            counts[choice.Next()]++;
        }

        return counts;
    }
}
