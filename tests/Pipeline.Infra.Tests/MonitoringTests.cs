using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Telemetry;

namespace Pipeline.Infra.Tests;

/// <summary>Rules, dashboards and examples for Prometheus.</summary>
public sealed partial class MonitoringTests
{
    private const string Rules = "infra/monitoring/alerts.yaml";
    private const string RuleTests = "infra/monitoring/alerts.tests.yaml";

    private static readonly string[] Alerts =
        [.. Alert().Matches(Repository.Read(Rules)).Select(static alert => alert.Groups[1].Value)];

    [Fact]
    public async Task EveryAlertFiresAndStaysSilent()
    {
        var tests = Repository.Read(RuleTests);
        Assert.True(Alerts.Length > 10, "the alerts were not read");
        Assert.All(Alerts, name =>
        {
            Assert.Contains($"  - name: {name} fires\n", tests, StringComparison.Ordinal);
            Assert.Contains($"  - name: {name} stays silent\n", tests, StringComparison.Ordinal);
        });
        Requires.Prometheus();
        await Command.MustRunAsync("promtool", "check", "rules", Repository.At(Rules));
        await Command.MustRunAsync("promtool", "test", "rules", Repository.At(RuleTests));
    }

    [Fact]
    public void EveryAlertHasAnEntryInTheRunbook()
    {
        var links = Link().Matches(Repository.Read(Rules)).Select(static link => link.Groups[1].Value).ToArray();
        Assert.Equal(Alerts, links);
        var runbook = Repository.Read("docs/runbook.md");
        Assert.All(Alerts, name => Assert.Contains($"\n### {name}\n", runbook, StringComparison.Ordinal));
    }

    [Fact]
    public void RulesAndDashboardsNameOnlyWhatIsDocumented()
    {
        TemplateTests.None(Repository.Read(Rules).Split('\n').SelectMany(DocumentedMetrics.Unknown));
        var boards = Repository.Files("infra/monitoring/grafana", ".json");
        Assert.NotEmpty(boards);
        Assert.All(boards, path =>
        {
            var expressions = JsonNode.Parse(Repository.Read(path))!["panels"]!.AsArray()
                .SelectMany(static panel => panel!["targets"]!.AsArray())
                .Select(static target => (string)target!["expr"]!).ToArray();
            Assert.True(expressions.Length > 10, $"{path}: too few expressions");
            TemplateTests.None(expressions.SelectMany(DocumentedMetrics.Unknown));
        });
    }

    [Fact]
    public void WhatIsNotDocumentedIsFound() => Assert.Equal(
        ["pipeline_store_votes", "process_fds"],
        DocumentedMetrics.Unknown("pipeline_store_votes / process_fds + rate(pipeline_ingest_events_total[1m])"));

    [Fact]
    public async Task TheExamplesAreValid()
    {
        Requires.Prometheus();
        Requires.Program("/usr/bin/amtool", "prometheus-alertmanager");
        await Command.MustRunAsync(
            "promtool", "check", "config", Repository.At("infra/monitoring/prometheus.example.yaml"));
        await Command.MustRunAsync(
            "amtool", "check-config", Repository.At("infra/monitoring/alertmanager.example.yaml"));
    }

    [GeneratedRegex("- alert: ([a-z-]+)\n", RegexOptions.CultureInvariant)]
    private static partial Regex Alert();

    [GeneratedRegex("runbook: docs/runbook.md#([a-z-]+)\n", RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
