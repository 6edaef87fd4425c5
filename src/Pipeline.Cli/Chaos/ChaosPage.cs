using System.Globalization;
using System.Text;
using Pipeline.Cli.Loading;

namespace Pipeline.Cli.Chaos;

/// <summary>An experiment's report as one page of HTML that needs nothing else.</summary>
internal static class ChaosPage
{
    public static string Write(ChaosReport report, string title)
    {
        var page = new StringBuilder();
        ReportPage.Begin(page, title);
        page.Append("<p><strong>").Append(report.Holds ? "The steady state held." : "The steady state did not hold.");
        page.Append(CultureInfo.InvariantCulture, $"</strong> {report.Acknowledged:N0} events were acknowledged.</p>");
        page.Append("<h2>Steady state</h2><table><tr><th>what<th>wanted<th>found<th>");
        foreach (var finding in report.Findings)
        {
            page.Append("<tr><td>").Append(ReportPage.Text(finding.Name)).Append("<td>")
                .Append(ReportPage.Text(finding.Wanted)).Append("<td>").Append(ReportPage.Text(finding.Found))
                .Append("<td>").Append(finding.Holds ? "holds" : "<strong>fails</strong>");
        }

        page.Append("</table><h2>Faults</h2>");
        AppendFaults(page, report);
        var seconds = report.Load.Tally.Seconds;
        page.Append("<h2>Events a second: due (orange), acknowledged (blue)</h2>");
        ReportPage.AppendPlot(
            page,
            [.. seconds.Select(static one => (double)one.Due)],
            [.. seconds.Select(static one => (double)one.Accepted)],
            "");
        page.Append("<h2>Latency by second, in ms: p50 (blue), p99 (orange)</h2>");
        ReportPage.AppendPlot(
            page,
            [.. seconds.Select(static one => one.Latency.Quantile(0.99) * 1000)],
            [.. seconds.Select(static one => one.Latency.Quantile(0.5) * 1000)],
            " ms");
        page.Append("<p>From when each request was due to its acknowledgement, with all its repetitions.</p>");
        ReportPage.AppendQuantiles(page, report.Load.Tally.Latency);
        ReportPage.AppendErrors(page, report.Load.Tally);
        return page.Append("</html>\n").ToString();
    }

    private static void AppendFaults(StringBuilder page, ChaosReport report)
    {
        if (report.Faults.Count == 0)
        {
            page.Append("<p>None.</p>");
            return;
        }

        page.Append("<table><tr><th>fault<th>target<th>from<th>until<th>longest without an acknowledgement");
        for (var i = 0; i < report.Faults.Count; i++)
        {
            var (fault, begun, ended) = report.Faults[i];
            page.Append("<tr><td>").Append(ChaosFault.NameOf(fault.Kind)).Append("<td>")
                .Append(ReportPage.Text(fault.Target));
            page.Append(CultureInfo.InvariantCulture, $"<td>{begun.TotalSeconds:0.0} s<td>{ended.TotalSeconds:0.0} s");
            page.Append(CultureInfo.InvariantCulture, $"<td>{report.SilenceOf(i).TotalSeconds:0.00} s");
        }

        page.Append("</table>");
    }
}
