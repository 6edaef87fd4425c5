using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Simulation.Worlds;

/// <summary>The command line: <c>--seed N [--count N] [--registers] [--bug N] [--verbose]</c>.</summary>
public static class Seeds
{
    public static int Run(string[] args)
    {
        var seed = Number(args, "--seed", 1);
        var count = Number(args, "--count", 1);
        var verbose = args.Contains("--verbose");
        var clock = Stopwatch.StartNew();
        var bad = 0;
        ulong all = 0;
        for (var i = seed; i < seed + count; i++)
        {
            var options = WorldOptions.Draw(i) with
            {
                IsRegistersOnly = args.Contains("--registers"),
                Bug = (PlantedBug)Number(args, "--bug", 0),
            };
            var verdict = Worlds.Run.Play(options, verbose ? Console.Out : null);
            all = (all * 31) + verdict.Hash;
            bad += verdict.IsGood && verdict.PoolWork == 0 ? 0 : 1;
            if (count == 1 || !verdict.IsGood || verdict.PoolWork != 0)
            {
                Print(verdict);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} seeds from {seed}: {bad} bad, "
            + $"{clock.Elapsed.TotalMilliseconds / count:F1} ms a seed, hash {all:x16}"));
        return bad == 0 ? 0 : 1;
    }

    private static void Print(Verdict verdict)
    {
        var world = verdict.World;
        Console.WriteLine($"seed {verdict.Seed}: {(verdict.IsGood ? "good" : "BAD")}, hash {verdict.Hash:x16}, "
            + $"{world.Queue.Steps} steps, {TimeSpan.FromTicks(world.Queue.Now)} of virtual time, "
            + $"{world.History.Requests.Count} requests, {world.FinalLogs.Sum(static log => log.Count)} events, "
            + $"{world.Processes.Count} processes, {verdict.PoolWork} pool work items");
        foreach (var fault in verdict.Faults)
        {
            Console.WriteLine($"  {fault}");
        }

        foreach (var violation in verdict.Violations)
        {
            Console.WriteLine($"  VIOLATION {violation}");
        }
    }

    private static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }
}
