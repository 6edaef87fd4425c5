using System.Text;
using Pipeline.Monitoring.Metrics;
using Pipeline.Storage.Metering;
using Xunit;

namespace Pipeline.Http.Tests.Metrics;

public class MeterReadingsTests
{
    [Fact]
    public void Counters_and_histograms_are_written_as_Prometheus_reads_them()
    {
        var scope = new MeterScope();
        using var readings = new MeterReadings(scope);
        using var meter = scope.NewMeter("Pipeline.Test." + nameof(MeterReadingsTests));
        var counter = meter.CreateCounter<long>("pipeline.test.things", null, "Things.");
        var histogram = meter.CreateHistogram<double>("pipeline.test.duration", "s", "How long.");

        counter.Add(2, new KeyValuePair<string, object?>("kind", "a\"b"));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "a\"b"));
        histogram.Record(0.003);
        var text = new StringBuilder();
        readings.Write(text, isOpenMetrics: false);

        Assert.Contains("# TYPE pipeline_test_things_total counter\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("pipeline_test_things_total{kind=\"a\\\"b\"} 5\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "pipeline_test_duration_seconds_bucket{le=\"0.005\"} 1\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("pipeline_test_duration_seconds_count 1\n", text.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Two engines in one process: each shows what is its own, and the runtime's.</summary>
    [Fact]
    public void What_another_host_of_the_process_measures_is_not_shown()
    {
        using var readings = new MeterReadings(new MeterScope());
        using var other = new MeterScope().NewMeter("Pipeline.Engine");
        other.CreateObservableGauge("pipeline.store.voting", static () => 1);
        other.CreateCounter<long>("pipeline.test.elsewhere").Add(1);
        var text = new StringBuilder();
        readings.Write(text, isOpenMetrics: false);

        Assert.DoesNotContain("pipeline_", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("dotnet_", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Series_differ_by_each_of_their_tags_however_many_there_are()
    {
        var scope = new MeterScope();
        using var readings = new MeterReadings(scope);
        using var meter = scope.NewMeter("Pipeline.Test.Tags");
        var counter = meter.CreateCounter<long>("pipeline.test.tagged");

        for (var repetition = 0; repetition < 2; repetition++)
        {
            foreach (var (a, b, c) in new[] { ("x", "y", 1), ("x", "z", 1), ("z", "y", 1), ("x", "y", 2) })
            {
                counter.Add(1, new("a", a), new("b", b), new("c", c));
            }

            foreach (var last in new[] { "u", "v" })
            {
                counter.Add(1, [new("a", 1), new("b", 1), new("c", 1), new("d", last)]);
            }
        }

        var text = new StringBuilder();
        readings.Write(text, isOpenMetrics: false);
        var lines = text.ToString().Split('\n').Where(static line => line.StartsWith("pipeline_test_tagged_total{"));
        Assert.Equal(
            [
                "pipeline_test_tagged_total{a=\"1\",b=\"1\",c=\"1\",d=\"u\"} 2",
                "pipeline_test_tagged_total{a=\"1\",b=\"1\",c=\"1\",d=\"v\"} 2",
                "pipeline_test_tagged_total{a=\"x\",b=\"y\",c=\"1\"} 2",
                "pipeline_test_tagged_total{a=\"x\",b=\"y\",c=\"2\"} 2",
                "pipeline_test_tagged_total{a=\"x\",b=\"z\",c=\"1\"} 2",
                "pipeline_test_tagged_total{a=\"z\",b=\"y\",c=\"1\"} 2",
            ],
            lines);
    }

    [Fact]
    public void OpenMetrics_names_a_counter_s_family_without_total_and_says_where_it_ends()
    {
        var scope = new MeterScope();
        using var readings = new MeterReadings(scope);
        using var meter = scope.NewMeter("Pipeline.Test.Open");
        meter.CreateCounter<long>("pipeline.test.opened", null, "Opened.").Add(1);

        var text = new StringBuilder();
        readings.Write(text, isOpenMetrics: true);

        Assert.Contains(
            "# HELP pipeline_test_opened Opened.\n# TYPE pipeline_test_opened counter\npipeline_test_opened_total 1\n",
            text.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\n# EOF\n", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_instrument_only_so_many_series_are_kept_and_nothing_is_left_out_of_their_sum()
    {
        const int More = 10;
        var scope = new MeterScope();
        using var readings = new MeterReadings(scope);
        using var meter = scope.NewMeter("Pipeline.Test.Many");
        var counter = meter.CreateCounter<long>("pipeline.test.many");
        for (var i = 0; i < MeterReadings.MaxSeries + More; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("from", i));
        }

        var text = new StringBuilder();
        readings.Write(text, isOpenMetrics: false);
        var lines = text.ToString().Split('\n').Where(static line => line.StartsWith("pipeline_test_many_total{"));

        Assert.Equal(MeterReadings.MaxSeries + 1, lines.Count());
        Assert.Contains(
            $"pipeline_test_many_total{{otel_metric_overflow=\"true\"}} {More}\n",
            text.ToString(),
            StringComparison.Ordinal);
    }
}
