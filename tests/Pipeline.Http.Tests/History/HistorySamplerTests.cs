using Microsoft.Extensions.DependencyInjection;
using Pipeline.Http.Problems;
using Pipeline.Http.Tests.Connections;
using Pipeline.Http.Tests.Service;
using Pipeline.Monitoring;
using Pipeline.Monitoring.History;
using Pipeline.Monitoring.Metrics;
using Pipeline.Storage.Metering;
using Xunit;

namespace Pipeline.Http.Tests.History;

/// <summary>What the history says of a real engine, by a clock that the test moves.</summary>
[Collection(HttpContractGroup.Name)]
public sealed class HistorySamplerTests : IDisposable
{
    private readonly HandClock _clock = new();
    private readonly IngestMetrics _metrics = new(new MeterScope(), RefusalNames.All);
    private readonly HistoryRing _ring = new();
    private readonly HistorySampler _sampler;

    public HistorySamplerTests(RunningService service) => _sampler = new HistorySampler(
        service.Services.GetRequiredService<WatchedEngine>(), _metrics, _ring, _clock);

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Rates_are_by_the_clock_and_what_passed_while_nobody_looked_is_a_gap()
    {
        _sampler.Sample();
        _clock.Pass(5);
        _metrics.Accept(IngestMetrics.Start(), 10, 0, 500);
        _sampler.Sample();
        _clock.Pass(60);
        _metrics.Accept(IngestMetrics.Start(), 120, 0, 6_000);
        _sampler.Sample();

        var accepted = Values("accepted");
        Assert.Equal(13, accepted.Length - 1);
        Assert.Equal((double.NaN, 2, 2), (accepted[0], accepted[1], accepted[^1]));
        Assert.All(accepted[2..^1], static value => Assert.Equal(double.NaN, value));
        Assert.Equal((100, 100), (Values("bytes")[1], Values("bytes")[^1]));
        Assert.True(Values("latencyP99")[1] > 0);
    }

    [Fact]
    public void It_says_how_many_stores_answer_and_how_far_each_pipeline_is_behind()
    {
        _sampler.Sample();

        Assert.Equal(3, Values("stores")[0]);
        Assert.Contains(_ring.Read(-1).Series, static one => one.Series == HistorySeries.LagOf("tests"));
    }

    private double[] Values(string name) =>
        _ring.Read(-1).Series.Single(one => one.Series.Name == name && one.Series.Pipeline is null).Values;
}
