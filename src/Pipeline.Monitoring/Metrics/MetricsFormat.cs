using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Pipeline.Monitoring.Metrics;

/// <summary>How metrics are written: what the caller would rather read.</summary>
/// <param name="IsOpenMetrics">OpenMetrics 1.0.0, else Prometheus' text format 0.0.4.</param>
/// <param name="IsGzip">Compressed.</param>
internal readonly record struct MetricsFormat(bool IsOpenMetrics, bool IsGzip)
{
    private const string OpenMetrics = "application/openmetrics-text";

    public string ContentType => IsOpenMetrics
        ? OpenMetrics + "; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>OpenMetrics only where it is named, and wanted no less than plain text.</summary>
    public static MetricsFormat Of(IHeaderDictionary headers)
    {
        var accepted = MediaTypeHeaderValue.TryParseList(headers.Accept, out var types) ? types : [];
        double open = 0;
        double text = 0;
        foreach (var type in accepted)
        {
            var quality = type.Quality ?? 1;
            if (IsKnown(type))
            {
                open = Math.Max(open, quality);
            }
            else if (type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            {
                text = Math.Max(text, quality);
            }
        }

        return new MetricsFormat(open > 0 && open >= text, IsGzipAsked(headers.AcceptEncoding));
    }

    private static bool IsKnown(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(OpenMetrics, StringComparison.OrdinalIgnoreCase)
        && (type.Parameters.FirstOrDefault(static one => one.Name == "version")?.Value.Value ?? "1.0.0") == "1.0.0";

    private static bool IsGzipAsked(StringValues header) =>
        StringWithQualityHeaderValue.TryParseList(header, out var codings)
        && codings.Any(static coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase)
            && coding.Quality is not <= 0);
}
