using System.Globalization;

namespace Pipeline.Benchmarks.Ingest;

/// <summary>What the ingest benchmarks share: options, the programs they measure, the table they print.</summary>
public static class BenchmarkReport
{
    public static void PrintHeader()
    {
        Console.WriteLine("| what | shape | events/s | p50 ms | p99 ms | max ms | server s/M | client s/M | MiB |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|");
    }

    public static void Print(string what, LoadShape shape, Measurement m) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {shape.Name} | {m.EventsPerSecond:N0} | {m.P50Ms:F2} | {m.P99Ms:F2} | {m.MaxMs:F1} "
        + $"| {m.ServerSecondsPerMillion:F2} | {m.ClientSecondsPerMillion:F2} | {m.MemoryMiB:N0} |"));

    /// <summary>A program of this tree, as it was built with the benchmark.</summary>
    public static string Built(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        return Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "..", "..", project, configuration, project));
    }

    public static int Option(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at < 0 ? otherwise : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
    }
}
