using System.Globalization;

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
        var span = TimeSpan.FromSeconds(Option(args, "--seconds", 6));
        var runs = Option(args, "--runs", 3);
        var partitions = Option(args, "--partitions", 4);
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-").FullName;
        try
        {
            WriteDefinition(folder, partitions);
            Console.WriteLine(Machine.Describe());
            Console.WriteLine($"median of {runs} runs of {span.TotalSeconds} s; {partitions} partitions");
            Console.WriteLine("| what | shape | events/s | p50 ms | p99 ms | max ms | server s/M | client s/M | MiB |");
            Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|");
            await using var ceiling = await ServerProcess.StartAsync(
                "bare Kestrel", Environment.ProcessPath!, folder, static url => ["ceiling", url]);
            await using var service = await ServerProcess.StartAsync("durable on 2 of 3", Standalone(), folder,
                url => ["--urls", url, "--data", Path.Combine(folder, "data"), "--pipelines", folder]);
            foreach (var shape in new[] { LoadShape.Batches, LoadShape.Singles })
            {
                Print(ceiling.Name, shape, await MeasureAsync(ceiling, shape, runs, span));
                Print(service.Name, shape, await MeasureAsync(service, shape, runs, span));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task<Measurement> MeasureAsync(ServerProcess server, LoadShape shape, int runs, TimeSpan span)
    {
        var measured = new List<Measurement>();
        for (var run = 0; run < runs; run++)
        {
            measured.Add(await LoadRun.RunAsync(server, EventsPath, shape, WarmUp, span));
        }

        return Measurement.Median(measured);
    }

    internal static void WriteDefinition(string folder, int partitions) =>
        File.WriteAllText(Path.Combine(folder, "bench.yaml"), $$"""
            name: bench
            streams:
              {{Stream}}: { partitions: {{partitions}}, key: deviceId }

            """);

    internal static string Standalone()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "..", "..", "Pipeline.Standalone", configuration, "Pipeline.Standalone"));
    }

    private static void Print(string what, LoadShape shape, Measurement m) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {shape.Name} | {m.EventsPerSecond:N0} | {m.P50Ms:F2} | {m.P99Ms:F2} | {m.MaxMs:F1} "
        + $"| {m.ServerSecondsPerMillion:F2} | {m.ClientSecondsPerMillion:F2} | {m.MemoryMiB:N0} |"));

    internal static int Option(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at < 0 ? otherwise : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
    }
}
