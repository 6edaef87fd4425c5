using System.Globalization;
using System.Text;
using Pipeline.Cli.Loading;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Drills;

/// <summary>A drill's report as one page of HTML that needs nothing else.</summary>
internal static class DrillPage
{
    public static string Write(DrillReport report)
    {
        var backup = report.Backup;
        var page = new StringBuilder();
        ReportPage.Begin(page, $"Drill of backup {backup.Id}");
        page.Append("<p><strong>").Append(report.Conclusion).Append("</strong> ");
        page.Append(CultureInfo.InvariantCulture, $"Cut {backup.Cut.UtcDateTime:u}; {backup.Events:N0} events, ");
        page.Append(ByteSize.Of(backup.Bytes));
        page.Append(
            CultureInfo.InvariantCulture,
            $"; rehearsed {report.Drill.Time.UtcDateTime:u}, in {report.Took.TotalSeconds:0.0} s.</p>");
        page.Append("<h2>What was looked at</h2><table><tr><th>what<th>found<th>");
        foreach (var check in report.Checks)
        {
            page.Append("<tr><td>").Append(ReportPage.Text(check.Name)).Append("<td>")
                .Append(ReportPage.Text(check.Found)).Append("<td>")
                .Append(check.IsOk ? "right" : "<strong>wrong</strong>");
        }

        page.Append("</table>");
        foreach (var check in report.Checks.Where(static check => !check.IsOk))
        {
            page.Append("<h2>").Append(ReportPage.Text(check.Name)).Append("</h2><ul>");
            foreach (var finding in check.Findings)
            {
                page.Append("<li>").Append(ReportPage.Text(finding));
            }

            page.Append("</ul>");
        }

        return page.Append("</html>\n").ToString();
    }
}
