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

    /// <summary>Names at /metrics, without what Prometheus puts behind counters and histograms.</summary>
    public static IReadOnlySet<string> Families { get; } = All.Select(FamilyOf).Concat(
        Shown().Matches(File.ReadAllText(Path.Combine(Built.Root, "docs", "telemetry.md")))
            .Select(static row => Trim(row.Groups[1].Value))).ToHashSet();

    /// <summary>Names in an expression for Prometheus that the list does not have.</summary>
    public static IEnumerable<string> Unknown(string expression) => Name().Matches(expression)
        .Select(static name => name.Value).Where(static name => !Families.Contains(Trim(name)));

    private static string FamilyOf((string Name, string Unit) metric)
    {
        var name = metric.Name.Replace('.', '_');
        var unit = metric.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;
    }

    private static string Trim(string name) => Ending().Replace(name, "");

    [GeneratedRegex(
        @"^\| `((?:pipeline|process|dotnet)_[a-z_]+)`", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Shown();

    [GeneratedRegex(@"\b(pipeline|process|dotnet)_[a-z_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex("_(total|bucket|sum|count)$", RegexOptions.CultureInvariant)]
    private static partial Regex Ending();

    [GeneratedRegex(@"^\| `(pipeline\.[a-z_.]+)` \| (\S+) \|", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Row();
}
