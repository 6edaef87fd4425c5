using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Telemetry;

namespace Pipeline.Acceptance;

/// <summary>What a collector sees, where the standard variables name one.</summary>
public sealed class TelemetryTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private const string Way = "POST /v1/streams/{stream}/events > append readings > process readings"
        + " > append exchanged.first > process exchanged.first > append exchanged.second > process exchanged.second";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_collector_gets_one_trace_from_a_post_through_two_stages_to_a_sink()
    {
        using var collector = new OtlpCollector();
        using var site = Exporting(collector);
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address) { TraceParent = $"00-{Trace}-00f067aa0ba902b7-01" };
        var answer = await client.PostAsync("readings", """{"key":"k","place":"p","seq":0}"""u8.ToArray(), "a");
        Assert.True(answer.IsOk, $"{answer}");

        await Eventually.GetAsync(
            () => Task.FromResult(TracePath.Longest(collector.Spans, Trace)),
            static way => way == Way,
            Limit,
            $"the way {Way}");
    }

    [Fact]
    public async Task A_collector_gets_every_metric_of_the_list_with_its_unit()
    {
        Assert.True(DocumentedMetrics.All.Count > 15, "too few metrics were read of docs/telemetry.md");
        using var collector = new OtlpCollector();
        using var site = Exporting(collector);
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        var body = """{"key":"k","place":"p","seq":0}"""u8.ToArray();
        Assert.True((await client.PostAsync("readings", body, "a")).IsOk);
        Assert.True((await client.PostAsync("readings", body, "a")).IsOk);
        Assert.False((await client.PostAsync("readings", "no JSON"u8.ToArray(), "b")).IsOk);
        Assert.True((await client.PutConsumerAsync("readings", "reader")).IsOk);

        await Eventually.GetAsync(
            () => Task.FromResult(DocumentedMetrics.Missing(collector)), static missing => missing == "", Limit, "all");
        Assert.Contains(
            collector.Metrics, static metric => metric is { Name: "http.server.request.duration", Unit: "s" });
        Assert.Contains(collector.Metrics, static metric => metric.Name == "dotnet.gc.collections");
        Assert.All(collector.Metrics, static metric => Assert.Equal("pipeline-standalone", metric.Service));
    }

    /// <summary>What the templates ask for on Azure: the alerts there add up what came within a minute.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("delta", true)]
    public async Task Counters_say_what_happened_since_the_last_export_where_the_variables_ask_for_it(
        string preference, bool isDelta)
    {
        using var collector = new OtlpCollector();
        using var site = Exporting(collector);
        site.Variables["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"] = preference;
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        Assert.True((await client.PostAsync("readings", """{"key":"k","place":"p","seq":0}"""u8.ToArray(), "a")).IsOk);

        string[] counting = ["pipeline.ingest.events", "pipeline.store.duration"];
        await Eventually.GetAsync(
            () => Task.FromResult(collector.Metrics),
            metrics => counting.All(name => metrics.Any(metric => metric.Name == name)),
            Limit,
            "counters");
        Assert.All(counting, name => Assert.Equal(isDelta, collector.Deltas.Contains(name)));
    }

    [Fact]
    public async Task A_collector_gets_logs_with_the_trace_of_what_they_belong_to()
    {
        using var collector = new OtlpCollector();
        using var site = Exporting(collector);
        site.Variables["OTEL_SERVICE_NAME"] = "pipeline-under-test";
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address) { TraceParent = $"00-{Trace}-00f067aa0ba902b7-01" };
        Assert.True((await client.PutDefinitionAsync("plain", "name: plain\nstreams: { other: {} }\n")).IsOk);

        await Eventually.GetAsync(
            () => Task.FromResult(string.Join('\n', collector.Logs)),
            _ => collector.Logs.Contains(new CollectedLog(
                    "pipeline-under-test", "PUT /v1/pipelines/plain was answered 200.", Trace))
                && collector.Logs.Any(static log => log.Text == "readings/0 is served here."),
            Limit,
            "logs");
    }

    [Fact]
    public async Task Few_requests_are_recorded_without_their_caller_s_decision_unless_the_variables_say_otherwise()
    {
        using var collector = new OtlpCollector();
        using var site = Exporting(collector);
        Assert.True(await RecordedAsync(site, collector, 200) < 50);
        site.Variables["OTEL_TRACES_SAMPLER"] = "always_on";
        Assert.True(await RecordedAsync(site, collector, 20) >= 20);
    }

    /// <summary>How many of so many requests are recorded: as many as there are when the process has ended.</summary>
    private static async Task<int> RecordedAsync(Site site, OtlpCollector collector, int requests)
    {
        var before = collector.Spans.Count;
        await using (var host = await site.StartAsync())
        {
            using var client = new ServiceClient(site.Address);
            for (var i = 0; i < requests; i++)
            {
                Assert.True((await client.PostAsync(
                    "readings", """{"key":"k","place":"p","seq":0}"""u8.ToArray(), $"{before}-{i}")).IsOk);
            }

            await host.StopAsync();
        }

        return collector.Spans.Skip(before)
            .Count(static span => span.Name.StartsWith("POST ", StringComparison.Ordinal));
    }

    private static Site Exporting(OtlpCollector collector)
    {
        var site = new Site();
        site.Define("exchanged", LoadDefinitions.Exchanged(Path.Combine(site.Data, "out")));
        foreach (var (name, value) in collector.Variables)
        {
            site.Variables[name] = value;
        }

        return site;
    }
}
