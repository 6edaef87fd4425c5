using System.Diagnostics;

namespace Pipeline.TestKit.Machines;

/// <summary>
/// How fast this machine is just now: what it takes for a fixed piece of work on all cores at once, against what the
/// machine of docs/benchmarks.md takes while it does nothing else.
/// </summary>
public static class MachineSpeed
{
    private const int Rounds = 15;
    private const int Numbers = 200_000;

    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(60);

    /// <summary>1 or more: how many times as long everything takes as on a quiet one. Takes a second.</summary>
    public static double Slowness()
    {
        Round(); // compiles it
        var rounds = Enumerable.Range(0, Rounds).Select(static _ => Round()).Order().ToList();
        return Math.Max(1, rounds[Rounds / 2] / Quiet);
    }

    private static TimeSpan Round()
    {
        var watch = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(static _ => new Thread(Work)).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        return watch.Elapsed;
    }

    private static void Work()
    {
        var random = new Random(1);
        var seen = new Dictionary<int, int>();
        var numbers = new int[Numbers];
        for (var i = 0; i < numbers.Length; i++)
        {
            seen[numbers[i] = random.Next()] = i;
        }

        Array.Sort(numbers);
    }
}
