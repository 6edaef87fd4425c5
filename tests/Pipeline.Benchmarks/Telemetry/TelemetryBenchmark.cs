using System.Globalization;
using Pipeline.Benchmarks.Ingest;

namespace Pipeline.Benchmarks.Telemetry;

/// <summary>
/// What telemetry costs ingestion: two standalone services, one that exports to a collector and one that does not,
/// measured by turns, so that whatever else the machine does hits both.
/// </summary>
public static class TelemetryBenchmark
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string[] args)
    {
        var span = TimeSpan.FromSeconds(BenchmarkReport.Option(args, "--seconds", 4));
        var runs = BenchmarkReport.Option(args, "--runs", 7);
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-").FullName;
        using var collector = new CountingCollector();
        try
        {
            IngestBenchmark.WriteDefinition(folder, partitions: 4);
            Console.WriteLine(Machine.Describe());
            Console.WriteLine($"medians of {runs} runs of {span.TotalSeconds} s of each, by turns; 4 partitions");
            Console.WriteLine(
                "| shape | off, events/s | on, events/s | on ÷ off | off, server s/M | on, server s/M | on ÷ off |");
            Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
            await using var off = await StartAsync("off", folder, []);
            await using var on = await StartAsync("on", folder, new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            });
            foreach (var shape in new[] { LoadShape.Batches, LoadShape.Singles })
            {
                await CompareAsync(off, on, shape, runs, span);
            }

            Console.WriteLine($"{collector.Exports} exports were taken");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return collector.Exports > 0 ? 0 : throw new InvalidOperationException("nothing was exported");
    }

    private static Task<ServerProcess> StartAsync(string name, string folder, Dictionary<string, string> variables) =>
        ServerProcess.StartAsync(
            $"telemetry {name}",
            BenchmarkReport.Built("Pipeline.Standalone"),
            folder,
            url => ["--urls", url, "--data", Path.Combine(folder, name), "--pipelines", folder],
            variables);

    /// <summary>Who is first changes from turn to turn; the ratio is the median of the turns' ratios.</summary>
    private static async Task CompareAsync(
        ServerProcess off, ServerProcess on, LoadShape shape, int runs, TimeSpan span)
    {
        var (without, with) = (new List<Measurement>(), new List<Measurement>());
        for (var run = 0; run < runs; run++)
        {
            var turn = run % 2 == 0 ? new[] { off, on } : [on, off];
            foreach (var server in turn)
            {
                (server == on ? with : without).Add(
                    await LoadRun.RunAsync(server, IngestBenchmark.EventsPath, shape, WarmUp, span));
            }
        }

        var (m0, m1) = (Measurement.Median(without), Measurement.Median(with));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {shape.Name} | {m0.EventsPerSecond:N0} | {m1.EventsPerSecond:N0} "
            + $"| {Ratio(with, without, static run => run.EventsPerSecond)} "
            + $"| {m0.ServerSecondsPerMillion:F2} | {m1.ServerSecondsPerMillion:F2} "
            + $"| {Ratio(with, without, static run => run.ServerSecondsPerMillion)} |"));
    }

    private static string Ratio(List<Measurement> with, List<Measurement> without, Func<Measurement, double> value)
    {
        var ratios = with.Zip(without, (a, b) => value(a) / value(b)).Order().ToArray();
        return string.Create(
            CultureInfo.InvariantCulture, $"{ratios[ratios.Length / 2]:P1} ({ratios[0]:P0} to {ratios[^1]:P0})");
    }
}
