using Microsoft.AspNetCore.Http;
using Pipeline.Monitoring.Metrics;
using Xunit;

namespace Pipeline.Http.Tests.Metrics;

public class MetricsFormatTests
{
    private const string Prometheus = "application/openmetrics-text;version=1.0.0,"
        + "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    [Theory]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("text/plain", false)]
    [InlineData("no type at all;;", false)]
    [InlineData("application/openmetrics-text; version=1.0.0", true)]
    [InlineData("application/openmetrics-text; version=0.0.1", false)]
    [InlineData("application/openmetrics-text; q=0", false)]
    [InlineData("application/openmetrics-text; version=1.0.0; q=0.3, text/plain; q=0.5", false)]
    [InlineData(Prometheus, true)]
    public void OpenMetrics_is_written_where_it_is_named_and_wanted_no_less(string accept, bool isOpenMetrics)
    {
        var format = MetricsFormat.Of(new HeaderDictionary { ["Accept"] = accept });

        Assert.Equal(isOpenMetrics, format.IsOpenMetrics);
        Assert.StartsWith(
            isOpenMetrics ? "application/openmetrics-text; version=1.0.0" : "text/plain; version=0.0.4",
            format.ContentType);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("br", false)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip", true)]
    [InlineData("deflate, gzip;q=0.5", true)]
    public void It_is_compressed_where_that_is_asked_for(string coding, bool isGzip) =>
        Assert.Equal(isGzip, MetricsFormat.Of(new HeaderDictionary { ["Accept-Encoding"] = coding }).IsGzip);
}
