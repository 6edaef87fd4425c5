using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Monitoring.Alerts;
using Pipeline.TestKit.Machines;
using Xunit;

namespace Pipeline.Http.Tests.Alerts;

/// <summary>What the host evaluates is what infra/monitoring/alerts.yaml says.</summary>
public partial class AlertFileTests
{
    private static readonly string[] OfPrometheusAlone = ["clock-skew", "restarts"];

    [Fact]
    public void Names_thresholds_times_and_severities_are_those_of_the_file()
    {
        var text = File.ReadAllText(Path.Combine(Built.Root, "infra", "monitoring", "alerts.yaml"));
        var inFile = Rule().Matches(text).Select(static rule => (
            rule.Groups["name"].Value,
            double.Parse(rule.Groups["above"].Value, CultureInfo.InvariantCulture),
            AlertDuration.TryRead(rule.Groups["for"].Value, out var time) ? time : TimeSpan.MinValue,
            rule.Groups["severity"].Value)).OrderBy(static rule => rule.Item1, StringComparer.Ordinal).ToArray();

        Assert.Equal(
            inFile.Where(static rule => !OfPrometheusAlone.Contains(rule.Item1)),
            AlertRules.All.Select(static rule => (rule.Name, rule.Above, rule.For, rule.Severity))
                .OrderBy(static rule => rule.Name, StringComparer.Ordinal));
        Assert.Equal(AlertRules.All.Count + OfPrometheusAlone.Length, inFile.Length);
    }

    [GeneratedRegex(
        @"- alert: (?<name>[a-z-]+)\n(?:(?!for:).)*> (?<above>[0-9.]+)\n\s+for: (?<for>\w+)\n\s+labels:\n\s+severity: "
        + @"(?<severity>\w+)\n", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Rule();
}
