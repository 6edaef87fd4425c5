using System.Globalization;

namespace Pipeline.Benchmarks.Ingest;

/// <summary>
/// Two builds of the standalone service in turns, so that what else the machine does meets both: medians, and the
/// ratios of pairs.
/// </summary>
public static class CompareBenchmark
{
    private const string Stages = """
        stages:
          warm: { query: "SELECT deviceId, temperature FROM readings WHERE temperature > 0" }

        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var at = Array.IndexOf(args, "--with");
        if (at < 0 || at + 1 == args.Length || !File.Exists(args[at + 1]))
        {
            Console.Error.WriteLine("compare --with PROGRAM: Pipeline.Standalone of another build");
            return 2;
        }

        var runs = BenchmarkReport.Option(args, "--runs", 9);
        var span = TimeSpan.FromSeconds(BenchmarkReport.Option(args, "--seconds", 3));
        var warmUp = TimeSpan.FromSeconds(BenchmarkReport.Option(args, "--warm", 10));
        var only = args.SkipWhile(static arg => arg != "--only").Skip(1).FirstOrDefault("");
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{runs} pairs of {span.TotalSeconds} s after {warmUp.TotalSeconds} s, in turns; medians");
        BenchmarkReport.PrintHeader();
        foreach (var (name, stages, shape) in new[]
        {
            ("ingest", "", LoadShape.Batches),
            ("ingest", "", LoadShape.Singles),
            ("with a stage", Stages, LoadShape.Batches),
        })
        {
            if ($"{name}, {shape.Name}".Contains(only, StringComparison.Ordinal))
            {
                await PairAsync(name, stages, shape, args[at + 1], runs, warmUp, span);
            }
        }

        return 0;
    }

    private static async Task PairAsync(
        string name, string stages, LoadShape shape, string other, int runs, TimeSpan warmUp, TimeSpan span)
    {
        var (here, there) = (new List<Measurement>(), new List<Measurement>());
        for (var run = 0; run < runs; run++)
        {
            // Each on empty stores, and first every other time.
            var isHereFirst = run % 2 == 0;
            foreach (var isHere in new[] { isHereFirst, !isHereFirst })
            {
                var program = isHere ? BenchmarkReport.Built("Pipeline.Standalone") : other;
                (isHere ? here : there).Add(await OnceAsync(program, stages, shape, warmUp, span));
            }
        }

        BenchmarkReport.Print($"{name}, here", shape, Measurement.Median(here));
        BenchmarkReport.Print($"{name}, there", shape, Measurement.Median(there));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| ratio of pairs, median | | {Ratio(here, there, static run => run.EventsPerSecond):F3} | | "
            + $"{Ratio(here, there, static run => run.P99Ms):F2} | | "
            + $"{Ratio(here, there, static run => run.ServerSecondsPerMillion):F3} | | |"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"bytes allocated an event: here {Allocated(here):N0}, there {Allocated(there):N0}, ratio of pairs "
            + $"{Ratio(here, there, static run => run.AllocatedBytesPerEvent):F3}"));
    }

    private static async Task<Measurement> OnceAsync(
        string program, string stages, LoadShape shape, TimeSpan warmUp, TimeSpan span)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-").FullName;
        try
        {
            IngestBenchmark.WriteDefinition(folder, partitions: 4, stages);
            using var allocations = new AllocationProbe();
            await using var server = await ServerProcess.StartAsync(
                program, program, folder,
                url => ["--urls", url, "--data", Path.Combine(folder, "data"), "--pipelines", folder],
                allocations: allocations);
            return await LoadRun.RunAsync(server, IngestBenchmark.EventsPath, shape, warmUp, span);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Allocated(List<Measurement> runs) =>
        runs.Select(static run => run.AllocatedBytesPerEvent).Order().ElementAt(runs.Count / 2);

    private static double Ratio(List<Measurement> here, List<Measurement> there, Func<Measurement, double> figure)
    {
        var ratios = here.Zip(there, (one, other) => figure(one) / figure(other)).Order().ToArray();
        return ratios[ratios.Length / 2];
    }
}
