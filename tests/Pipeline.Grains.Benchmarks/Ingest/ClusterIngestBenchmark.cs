using System.Globalization;
using Pipeline.Benchmarks.Ingest;
using Pipeline.Cluster.Acceptance.Sites;

namespace Pipeline.Grains.Benchmarks.Ingest;

/// <summary>
/// Durable ingest: the standalone service, and three silos behind one of two fronts, with as many directory stores; in
/// turns, so that the ratio is that of one time. Client, services and database are on the same cores.
/// </summary>
internal static class ClusterIngestBenchmark
{
    private const string Stream = "readings";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SpreadLimit = TimeSpan.FromMinutes(1);

    public static async Task<int> RunAsync(string[] args)
    {
        var span = TimeSpan.FromSeconds(BenchmarkReport.Option(args, "--seconds", 5));
        var runs = BenchmarkReport.Option(args, "--runs", 5);
        var partitions = BenchmarkReport.Option(args, "--partitions", 4);
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-").FullName;
        var definition = $"name: bench\nstreams:\n  {Stream}: {{ partitions: {partitions}, key: deviceId }}\n";
        await File.WriteAllTextAsync(Path.Combine(folder, "bench.yaml"), definition);
        try
        {
            Console.WriteLine(Machine.Describe());
            Console.WriteLine($"median of {runs} runs of {span.TotalSeconds} s in turns; {partitions} partitions");
            BenchmarkReport.PrintHeader();
            await using var standalone = await ServerProcess.StartAsync(
                "standalone", BenchmarkReport.Built("Pipeline.Standalone"), folder,
                url => ["--urls", url, "--data", Path.Combine(folder, "data"), "--pipelines", folder]);
            await using var site = await ClusterSite.StartAsync();
            await site.DefineAsync("bench", definition);
            await site.IsEvenAsync(Stream, partitions, SpreadLimit);
            foreach (var shape in new[] { LoadShape.Batches, LoadShape.Singles })
            {
                await CompareAsync(standalone, new ClusterServer(site), shape, runs, span);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task CompareAsync(
        ServerProcess one, ClusterServer other, LoadShape shape, int runs, TimeSpan span)
    {
        var (ones, others) = (new List<Measurement>(), new List<Measurement>());
        for (var run = 0; run < runs; run++)
        {
            ones.Add(await LoadRun.RunAsync(one, $"/v1/streams/{Stream}/events", shape, WarmUp, span));
            others.Add(await LoadRun.RunAsync(other, $"/v1/streams/{Stream}/events", shape, WarmUp, span));
        }

        BenchmarkReport.Print(one.Name, shape, Measurement.Median(ones));
        BenchmarkReport.Print(other.Name, shape, Measurement.Median(others));
        var ratios = ones.Zip(others, static (one, other) => other.EventsPerSecond / one.EventsPerSecond)
            .Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"cluster / standalone, median of the pairs: {ratios[runs / 2]:P0} ({ratios[0]:P0} to {ratios[^1]:P0})"));
    }
}
