using System.Globalization;
using System.Net;
using System.Text;

namespace Pipeline.Cli.Loading;

/// <summary>Parts of a report as a page of HTML that needs nothing else: plots are SVG.</summary>
internal static class ReportPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}
        svg{width:100%;height:auto;background:#8881}table{border-collapse:collapse}
        td,th{padding:.1em .8em;text-align:right}td:first-child,th:first-child{text-align:left}
        .a{stroke:#06c}.b{stroke:#c40}text{font-size:12px;fill:currentColor}
        path{fill:none;stroke-width:1.5}@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}}
        """;

    /// <summary>Up to the heading.</summary>
    public static void Begin(StringBuilder page, string title) =>
        page.Append("<!doctype html><html lang=en><meta charset=utf-8><title>").Append(Text(title))
            .Append("</title><style>").Append(Style).Append("</style><h1>").Append(Text(title)).Append("</h1>");

    /// <summary>Latencies by share, and all of them folded away.</summary>
    public static void AppendQuantiles(StringBuilder page, LatencyHistogram latency)
    {
        page.Append("<table><tr><th>share<th>within");
        foreach (var share in (double[])[0.5, 0.9, 0.95, 0.99, 0.999, 0.9999])
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{share * 100:0.##} %<td>");
            page.Append(LoadReport.Milliseconds(latency.Quantile(share)));
        }

        page.Append("<tr><td>all<td>").Append(LoadReport.Milliseconds(latency.Longest)).Append("</table>");
        page.Append("<details><summary>All of it</summary><table><tr><th>up to<th>requests");
        foreach (var (seconds, count) in latency.Filled())
        {
            page.Append("<tr><td>").Append(LoadReport.Milliseconds(seconds));
            page.Append(CultureInfo.InvariantCulture, $"<td>{count:N0}");
        }

        page.Append("</table></details>");
    }

    /// <summary>Requests that were not acknowledged, by kind.</summary>
    public static void AppendErrors(StringBuilder page, LoadTally tally)
    {
        page.Append("<h2>Errors</h2>");
        if (tally.Errors.IsEmpty)
        {
            page.Append("<p>None.</p>");
            return;
        }

        page.Append("<table><tr><th>kind<th>requests");
        foreach (var (kind, count) in tally.Errors.OrderByDescending(static error => error.Value))
        {
            page.Append("<tr><td>").Append(Text(kind));
            page.Append(CultureInfo.InvariantCulture, $"<td>{count:N0}");
        }

        page.Append("</table>");
    }

    /// <summary>Two lines over time, a value a second each: <c>main</c> blue, <c>over</c> orange.</summary>
    public static void AppendPlot(StringBuilder page, double[] over, double[] main, string unit)
    {
        const int Width = 900;
        const int Height = 240;
        var most = Math.Max(over.Concat(main).Max(), 1e-9);
        page.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=img>");
        AppendLine(page, over, "b");
        AppendLine(page, main, "a");
        page.Append(CultureInfo.InvariantCulture, $"<text x=4 y=14>{most:N1}{unit}</text>");
        page.Append(CultureInfo.InvariantCulture, $"<text x=4 y={Height - 4}>0, over {main.Length} s</text></svg>");

        void AppendLine(StringBuilder to, double[] values, string name)
        {
            to.Append("<path class=").Append(name).Append(" d=\"");
            for (var i = 0; i < values.Length; i++)
            {
                var x = values.Length == 1 ? 0 : (double)i / (values.Length - 1) * Width;
                var y = Height - (values[i] / most * (Height - 20));
                to.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{x:0.0} {y:0.0}");
            }

            to.Append("\"/>");
        }
    }

    /// <summary>A text as it may stand in HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);
}
