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

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

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
        var only = args.SkipWhile(static arg => arg != "--only").Skip(1).FirstOrDefault("");
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{runs} pairs of {span.TotalSeconds} s, in turns; medians");
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
                await PairAsync(name, stages, shape, args[at + 1], runs, span);
            }
        }

        return 0;
    }

    private static async Task PairAsync(
        string name, string stages, LoadShape shape, string other, int runs, TimeSpan span)
    {
        var (here, there) = (new List<Measurement>(), new List<Measurement>());
        for (var run = 0; run < runs; run++)
        {
            // Each on empty stores, and first every other time.
            var isHereFirst = run % 2 == 0;
            foreach (var isHere in new[] { isHereFirst, !isHereFirst })
            {
                var program = isHere ? BenchmarkReport.Built("Pipeline.Standalone") : other;
                (isHere ? here : there).Add(await OnceAsync(program, stages, shape, span));
            }
        }

        BenchmarkReport.Print($"{name}, here", shape, Measurement.Median(here));
        BenchmarkReport.Print($"{name}, there", shape, Measurement.Median(there));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| ratio of pairs, median | | {Ratio(here, there, static run => run.EventsPerSecond):F3} | | "
            + $"{Ratio(here, there, static run => run.P99Ms):F2} | | "
            + $"{Ratio(here, there, static run => run.ServerSecondsPerMillion):F3} | | |"));
    }

    private static async Task<Measurement> OnceAsync(string program, string stages, LoadShape shape, TimeSpan span)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-").FullName;
        try
        {
            IngestBenchmark.WriteDefinition(folder, partitions: 4, stages);
            await using var server = await ServerProcess.StartAsync(
                program, program, folder,
                url => ["--urls", url, "--data", Path.Combine(folder, "data"), "--pipelines", folder]);
            return await LoadRun.RunAsync(server, IngestBenchmark.EventsPath, shape, WarmUp, span);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Ratio(List<Measurement> here, List<Measurement> there, Func<Measurement, double> figure)
    {
        var ratios = here.Zip(there, (one, other) => figure(one) / figure(other)).Order().ToArray();
        return ratios[ratios.Length / 2];
    }
}
