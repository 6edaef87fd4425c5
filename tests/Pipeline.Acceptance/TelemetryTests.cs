using Pipeline.Acceptance.Hosts;
using Pipeline.Acceptance.Loads;
using Pipeline.Acceptance.Machines;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Machines;

namespace Pipeline.Acceptance;

/// <summary>What a collector sees, where the standard variables name one.</summary>
public sealed class TelemetryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly string[] Metrics =
    [
        "pipeline.ingest.events", "pipeline.ingest.duration", "pipeline.store.duration", "pipeline.store.voting",
        "pipeline.partition.committed", "pipeline.stage.lag_events", "pipeline.stage.dead_letters",
        "http.server.request.duration", "dotnet.gc.collections", "pipeline-under-test",
    ];

    [Fact]
    public async Task A_collector_gets_metrics_the_trace_of_a_post_and_logs()
    {
        using var collector = new OtlpCollector();
        using var site = new Site();
        site.Define("kept", Definitions.Files(Path.Combine(site.Folder, "out")));
        site.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString();
        site.Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        site.Variables["OTEL_SERVICE_NAME"] = "pipeline-under-test";
        site.Variables["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        var trace = Convert.FromHexString("4bf92f3577b34da6a3ce929d0e0e4736");
        client.TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        Assert.True((await client.PostAsync("readings", "{\"key\":\"k\",\"seq\":0}"u8.ToArray(), "a")).IsOk);

        foreach (var metric in Metrics)
        {
            await Eventually.IsTrueAsync(
                () => Task.FromResult(collector.Has("metrics", metric)), Limit, $"metric {metric}");
        }

        await Eventually.IsTrueAsync(
            () => Task.FromResult(collector.Has("traces", trace)),
            Limit, "the request's span, in the caller's trace");
        await Eventually.IsTrueAsync(
            () => Task.FromResult(collector.Has("logs", "readings/0 is served here")), Limit, "logs");
    }
}
