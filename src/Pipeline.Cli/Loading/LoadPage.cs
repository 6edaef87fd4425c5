using System.Globalization;
using System.Text;

namespace Pipeline.Cli.Loading;

/// <summary>A load's report as one page of HTML that needs nothing else: plots are SVG.</summary>
internal static class LoadPage
{
    public static string Write(LoadReport report)
    {
        var (tally, options) = (report.Tally, report.Load);
        var seconds = tally.Seconds;
        var page = new StringBuilder();
        ReportPage.Begin(page, $"Load on {options.Stream}");
        page.Append(CultureInfo.InvariantCulture, $"<p>{tally.Accepted:N0} of {tally.Due:N0} events acknowledged, ");
        page.Append(CultureInfo.InvariantCulture, $"{report.Rate:N0} a second; shape {options.Shape}, ");
        page.Append(CultureInfo.InvariantCulture, $"{options.Batch} events a request, {options.Size} bytes each, ");
        page.Append(CultureInfo.InvariantCulture, $"{options.Keys:N0} keys, skew {options.Skew:0.##}.</p>");
        page.Append("<h2>Latency</h2><p>").Append(options.Rate > 0
            ? "From when each request was due, so what waited behind a slow one counts."
            : "From when each request was sent: without a rate nothing is due.").Append("</p>");
        ReportPage.AppendQuantiles(page, tally.Latency);
        page.Append("<h2>Events a second: due (orange), acknowledged (blue)</h2>");
        ReportPage.AppendPlot(page, [.. seconds.Select(static one => (double)one.Due)], [.. seconds.Select(static one =>
            (double)one.Accepted)], "");
        page.Append("<h2>Latency by second, in ms: p50 (blue), p99 (orange)</h2>");
        ReportPage.AppendPlot(page, [.. seconds.Select(static one => one.Latency.Quantile(0.99) * 1000)],
            [.. seconds.Select(static one => one.Latency.Quantile(0.5) * 1000)], " ms");
        ReportPage.AppendErrors(page, tally);
        return page.Append("</html>\n").ToString();
    }
}
