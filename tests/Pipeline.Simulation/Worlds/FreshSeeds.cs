using System.Diagnostics;
using System.Globalization;
using Pipeline.Simulation.Tests;

namespace Pipeline.Simulation.Worlds;

/// <summary>
/// Many seeds that nobody has run before, on all processors: each world has one thread, so each part of the seeds has
/// a process of its own.
/// </summary>
public static class FreshSeeds
{
    private const int PartMax = 100;

    /// <summary><c>--fresh N</c>, and what worlds: <c>--redefine</c>, <c>--registers</c>, <c>--backup</c>.</summary>
    public static int Run(string[] args)
    {
        var at = Array.IndexOf(args, "--fresh");
        var count = int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        var from = 1_000_000 + Random.Shared.Next(1_000_000_000);
        var rest = string.Join(' ', args.Where((_, i) => i != at && i != at + 1));
        var size = Math.Clamp(count / (4 * Environment.ProcessorCount), 1, PartMax);
        var (next, bad, clock) = (0, 0, Stopwatch.StartNew());
        Console.WriteLine($"{count} seeds from {from} {rest}");
        var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToList();
        workers.ForEach(static worker => worker.Start());
        workers.ForEach(static worker => worker.Join());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} seeds from {from}: {bad} bad, {clock.Elapsed.TotalMinutes:F1} min"));
        return bad == 0 ? 0 : 1;

        void Work()
        {
            for (int part; (part = Interlocked.Add(ref next, size) - size) < count;)
            {
                var seeds = Math.Min(size, count - part);
                var (exitCode, output) = SeedProcess.Run($"--seed {from + part} --count {seeds} {rest}");
                lock (clock)
                {
                    var lines = output.Split('\n');
                    var here = lines.Count(static line => line.Contains(": BAD,", StringComparison.Ordinal));
                    bad += exitCode == 0 ? 0 : Math.Max(1, here);
                    Console.Write(exitCode == 0 ? "" : output);
                }
            }
        }
    }
}
