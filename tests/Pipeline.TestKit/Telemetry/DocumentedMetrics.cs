using System.Text.RegularExpressions;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.Telemetry;

/// <summary>The list in docs/telemetry.md.</summary>
public static partial class DocumentedMetrics
{
    /// <summary>Name and unit of each.</summary>
    public static IReadOnlyList<(string Name, string Unit)> All { get; } =
    [
        .. Row().Matches(File.ReadAllText(Path.Combine(Built.Root, "docs", "telemetry.md")))
            .Select(static row => (row.Groups[1].Value, row.Groups[2].Value)),
    ];

    /// <summary>Those that were not taken, with another unit or not at all.</summary>
    public static string Missing(OtlpCollector collector)
    {
        var taken = collector.Metrics.Select(static metric => (metric.Name, metric.Unit)).ToHashSet();
        return string.Join(", ", All.Where(metric => !taken.Contains(metric)));
    }

    [GeneratedRegex(@"^\| `(pipeline\.[a-z_.]+)` \| (\S+) \|", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Row();
}
