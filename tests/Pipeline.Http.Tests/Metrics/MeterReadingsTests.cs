using System.Diagnostics.Metrics;
using System.Text;
using Pipeline.Http.Metrics;
using Xunit;

namespace Pipeline.Http.Tests.Metrics;

public class MeterReadingsTests
{
    [Fact]
    public void Counters_and_histograms_are_written_as_Prometheus_reads_them()
    {
        using var readings = new MeterReadings();
        using var meter = new Meter("Pipeline.Test." + nameof(MeterReadingsTests));
        var counter = meter.CreateCounter<long>("pipeline.test.things", null, "Things.");
        var histogram = meter.CreateHistogram<double>("pipeline.test.duration", "s", "How long.");

        counter.Add(2, new KeyValuePair<string, object?>("kind", "a\"b"));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "a\"b"));
        histogram.Record(0.003);
        var text = new StringBuilder();
        readings.Write(text);

        Assert.Contains("# TYPE pipeline_test_things_total counter\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("pipeline_test_things_total{kind=\"a\\\"b\"} 5\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "pipeline_test_duration_seconds_bucket{le=\"0.005\"} 1\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("pipeline_test_duration_seconds_count 1\n", text.ToString(), StringComparison.Ordinal);
    }
}
