using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Telemetry;

namespace Pipeline.Cluster.Acceptance;

/// <summary>What a collector sees of silos and fronts, where the standard variables name one.</summary>
public sealed class TelemetryTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private const string Way = "POST /v1/streams/{stream}/events > append readings > process readings"
        + " > append exchanged.first > process exchanged.first > append exchanged.second > process exchanged.second";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string[] Services = ["pipeline-ingest", "pipeline-silo"];

    [Fact]
    public async Task A_collector_gets_one_trace_all_metrics_and_the_logs_of_silos_and_fronts()
    {
        using var collector = new OtlpCollector();
        await using var site = await ClusterSite.StartAsync(silos: 2, variables: collector.Variables);
        using var client = new ServiceClient(site.Fronts[0]) { TraceParent = $"00-{Trace}-00f067aa0ba902b7-01" };
        var answer = await client.PutDefinitionAsync("exchanged", LoadDefinitions.Exchanged("out"));
        Assert.True(answer.IsApplied, $"{answer}\n{site.Output}");
        var body = """{"key":"k","place":"p","seq":0}"""u8.ToArray();
        Assert.True((await client.PostAsync("readings", body, "a")).IsOk);
        Assert.True((await client.PostAsync("readings", body, "a")).IsOk);
        Assert.False((await client.PostAsync("readings", "no JSON"u8.ToArray(), "b")).IsOk);
        Assert.True((await client.PutConsumerAsync("readings", "reader")).IsOk);

        await Eventually.GetAsync(
            () => Task.FromResult(TracePath.Longest(collector.Spans, Trace)), static way => way == Way, Limit, Way);
        var spans = collector.Spans.Where(static span => span.TraceId == Trace).ToList();
        Assert.Equal(Services, spans.Select(static span => span.Service).Distinct().Order());
        Assert.Contains(spans, static span => span.Name.Contains("IPartitionGrain", StringComparison.Ordinal));

        await Eventually.GetAsync(
            () => Task.FromResult(DocumentedMetrics.Missing(collector)), static missing => missing == "", Limit, "all");
        Assert.Contains(new CollectedMetric("pipeline-silo", "pipeline.store.duration", "s"), collector.Metrics);
        var shown = await site.Silo(0).GetAsync("metrics");
        Assert.Contains("\npipeline_store_healthy{store=\"", shown, StringComparison.Ordinal);
        Assert.Contains("\npipeline_build_info{version=\"", shown, StringComparison.Ordinal);
        Assert.Equal(Services, collector.Metrics
            .Where(static metric => metric.Name.StartsWith("orleans-", StringComparison.Ordinal))
            .Select(static metric => metric.Service).Distinct().Order());

        await Eventually.GetAsync(
            () => Task.FromResult(string.Join('\n', collector.Logs)),
            _ => collector.Logs.Contains(new CollectedLog(
                    "pipeline-ingest", "PUT /v1/pipelines/exchanged was answered 200.", Trace))
                && collector.Logs.Any(static log => log.Service == "pipeline-silo"
                    && log.Text == "readings/0 is served here."),
            Limit,
            "logs");
    }
}
