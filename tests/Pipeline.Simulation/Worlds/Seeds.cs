using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Simulation.Worlds;

/// <summary>
/// The command line: <c>--seed N [--count N] [--redefine] [--registers] [--backup] [--bug N] [--verbose]</c>, or
/// <c>--worlds FILE</c>, of kept ones.
/// </summary>
public static class Seeds
{
    public static int Run(string[] args)
    {
        var verbose = args.Contains("--verbose");
        var clock = Stopwatch.StartNew();
        var (count, bad) = (0, 0);
        ulong all = 0;
        foreach (var options in Worlds(args))
        {
            var verdict = Simulation.Worlds.Run.Play(options, verbose ? Console.Out : null);
            count++;
            all = (all * 31) + verdict.Hash;
            bad += verdict.IsGood && verdict.PoolWork == 0 ? 0 : 1;
            if (Number(args, "--count", 1) == 1 || !verdict.IsGood || verdict.PoolWork != 0)
            {
                Print(verdict);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} seeds from {Number(args, "--seed", 1)}: {bad} bad, "
            + $"{clock.Elapsed.TotalMilliseconds / count:F1} ms a seed, hash {all:x16}"));
        return bad == 0 ? 0 : 1;
    }

    private static IEnumerable<WorldOptions> Worlds(string[] args)
    {
        if (Array.IndexOf(args, "--worlds") is >= 0 and var at)
        {
            return KeptWorlds.ReadFile(args[at + 1]);
        }

        var isRedefined = args.Contains("--redefine");
        return Enumerable.Range(Number(args, "--seed", 1), Number(args, "--count", 1))
            .Select(seed => (isRedefined ? WorldOptions.DrawRedefined(seed) : WorldOptions.Draw(seed)) with
            {
                IsRegistersOnly = args.Contains("--registers"),
                Bug = (PlantedBug)Number(args, "--bug", 0),
            })
            .Select(world => args.Contains("--backup") ? world.WithBackups() : world);
    }

    private static void Print(Verdict verdict)
    {
        var world = verdict.World;
        Console.WriteLine($"seed {verdict.Seed}: {(verdict.IsGood ? "good" : "BAD")}, hash {verdict.Hash:x16}, "
            + $"{world.Queue.Steps} steps, {TimeSpan.FromTicks(world.Queue.Now)} of virtual time, "
            + $"{world.History.Requests.Count} requests, {world.FinalLogs.Sum(static log => log.Count)} events, "
            + $"{world.Processes.Count} processes, {verdict.PoolWork} pool work items");
        Console.WriteLine($"  {KeptWorlds.Write(world.Options)}");
        foreach (var fault in verdict.Faults)
        {
            Console.WriteLine($"  {fault}");
        }

        foreach (var change in world.Changes.Changes)
        {
            Console.WriteLine($"  {change}");
        }

        foreach (var note in world.History.Notes)
        {
            Console.WriteLine($"  {note}");
        }

        foreach (var violation in verdict.Violations.Take(20))
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
