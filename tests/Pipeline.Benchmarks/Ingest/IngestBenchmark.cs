namespace Pipeline.Benchmarks.Ingest;

/// <summary>
/// Durable ingest: the real standalone service over three directory stores, and beside it a bare Kestrel endpoint;
/// the client runs on the same cores.
/// </summary>
public static class IngestBenchmark
{
    /// <summary>Where the load goes.</summary>
    internal const string EventsPath = $"/v1/streams/{Stream}/events";

    private const string Stream = "readings";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var span = TimeSpan.FromSeconds(BenchmarkReport.Option(args, "--seconds", 6));
        var runs = BenchmarkReport.Option(args, "--runs", 3);
        var partitions = BenchmarkReport.Option(args, "--partitions", 4);
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-").FullName;
        try
        {
            WriteDefinition(folder, partitions);
            Console.WriteLine(Machine.Describe());
            Console.WriteLine($"median of {runs} runs of {span.TotalSeconds} s; {partitions} partitions");
            BenchmarkReport.PrintHeader();
            await using var ceiling = await ServerProcess.StartAsync(
                "bare Kestrel", Environment.ProcessPath!, folder, static url => ["ceiling", url]);
            await using var service = await ServerProcess.StartAsync(
                "durable on 2 of 3", BenchmarkReport.Built("Pipeline.Standalone"), folder,
                url => ["--urls", url, "--data", Path.Combine(folder, "data"), "--pipelines", folder]);
            foreach (var shape in new[] { LoadShape.Batches, LoadShape.Singles })
            {
                BenchmarkReport.Print(ceiling.Name, shape, await MeasureAsync(ceiling, shape, runs, span));
                BenchmarkReport.Print(service.Name, shape, await MeasureAsync(service, shape, runs, span));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task<Measurement> MeasureAsync(
        IMeasuredServer server, LoadShape shape, int runs, TimeSpan span)
    {
        var measured = new List<Measurement>();
        for (var run = 0; run < runs; run++)
        {
            measured.Add(await LoadRun.RunAsync(server, EventsPath, shape, WarmUp, span));
        }

        return Measurement.Median(measured);
    }

    internal static void WriteDefinition(string folder, int partitions, string stages = "") =>
        File.WriteAllText(Path.Combine(folder, "bench.yaml"), $$"""
            name: bench
            streams:
              {{Stream}}: { partitions: {{partitions}}, key: deviceId }
            {{stages}}
            """);
}
