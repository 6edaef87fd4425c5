using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance;

/// <summary>
/// How long things may take on a quiet machine: the goals, and what they take, are in docs/benchmarks.md. A shared
/// machine that takes longer for everything may take as much longer for these.
/// </summary>
internal static class Limits
{
    /// <summary>From the death of a silo, or of its connections, until every partition takes events.</summary>
    public static readonly TimeSpan Flow = TimeSpan.FromSeconds(2);

    /// <summary>The same where nothing tells the others of it: the silo is frozen.</summary>
    public static readonly TimeSpan Move = TimeSpan.FromSeconds(4);

    /// <summary>
    /// From the moment that a frozen silo wakes until another one in its place is ready. The goal of 3 s is a quiet
    /// machine's figure.
    /// </summary>
    public static readonly TimeSpan Back = TimeSpan.FromSeconds(10);

    /// <summary>The slowest request while a silo that was told to stop ends.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The slowest request while membership is not to be had, and nothing else is wrong.</summary>
    public static readonly TimeSpan DatabaseAway = TimeSpan.FromSeconds(4);

    /// <summary>
    /// All processes are killed, started again, ready, and take events. The goal of 10 s is a quiet machine's figure.
    /// </summary>
    public static readonly TimeSpan Restart = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long something takes: the first time, or the median of three where that is over the limit, since others use
    /// this machine too.
    /// </summary>
    public static async Task<TimeSpan> MeasureAsync(TimeSpan limit, Func<Task<TimeSpan>> once)
    {
        var first = await once();
        return first <= limit ? first : ((TimeSpan[])[first, await once(), await once()]).Order().ElementAt(1);
    }

    public static void Holds(TimeSpan limit, TimeSpan took, string what)
    {
        var slowness = took <= limit ? 1 : MachineSpeed.Slowness();
        Assert.True(
            took <= limit * slowness,
            $"{what}: {took.TotalSeconds:0.00} s, and the limit is {limit.TotalSeconds} s on a quiet machine; this one "
            + $"takes {slowness:0.0} times as long");
    }
}
