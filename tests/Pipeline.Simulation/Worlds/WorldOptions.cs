using Pipeline.Simulation.Faults;

namespace Pipeline.Simulation.Worlds;

/// <summary>
/// What a world is like. All of it is drawn from the seed, and each seed has only some kinds of faults (swarm
/// testing; Groce et al., ISSTA 2012): what all worlds have in common they would all miss.
/// </summary>
public sealed record WorldOptions
{
    private const int StoresOf = 3;

    /// <summary>All chance in the world comes from it.</summary>
    public required int Seed { get; init; }

    /// <summary>
    /// How many numbers of the world's own chance are passed over first: what was drawn there when it was kept.
    /// </summary>
    public int Skipped { get; init; }

    public FaultKinds Faults { get; init; }

    /// <summary>The store that loses or damages what it holds.</summary>
    public int Victim { get; init; }

    /// <summary>Pause between two faults, at most.</summary>
    public TimeSpan FaultPause { get; init; }

    /// <summary>No engine: only stores that open, rejoin and hold registers.</summary>
    public bool IsRegistersOnly { get; init; }

    public PlantedBug Bug { get; init; }

    public int Stores { get; init; } = StoresOf;

    public int Clients { get; init; }

    public int RequestsPerClient { get; init; }

    public int Partitions { get; init; }

    public long SegmentBytes { get; init; }

    /// <summary>Virtual time in which faults happen.</summary>
    public TimeSpan Stormy { get; init; }

    /// <summary>Virtual time within which everything must be well again once the faults have stopped.</summary>
    public TimeSpan Healing { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Pause between two requests of a client, at most.</summary>
    public TimeSpan ThinkTime { get; init; }

    /// <summary>
    /// Stages read closed segments from the stores, as in a cluster; segments are small, so that there are many.
    /// </summary>
    public bool StagesReadStores { get; init; }

    /// <summary>How many pipelines operators create, change, pause and delete all the time; 0: none.</summary>
    public int Redefined { get; init; }

    /// <summary>How many changes an operator makes, at most; two at once count as one.</summary>
    public int ChangesPerPipeline { get; init; }

    /// <summary>Pause between two changes of a pipeline, at most.</summary>
    public TimeSpan ChangePause { get; init; }

    /// <summary>Pause between two backups, at most; zero: none are made.</summary>
    public TimeSpan BackupPause { get; init; }

    /// <summary>The same world, of which backups are made.</summary>
    public WorldOptions WithBackups() => this with
    {
        BackupPause = TimeSpan.FromMilliseconds(200 << new Random(Seed ^ 0xBAC4).Next(6)),
    };

    /// <summary>A world whose pipelines change.</summary>
    public static WorldOptions DrawRedefined(int seed)
    {
        var draw = new Random(seed ^ 0xC4A96E);
        var drawn = Draw(seed);
        return drawn with
        {
            Faults = drawn.Faults & FaultKinds.Passing,
            Redefined = 1 + draw.Next(3),
            ChangesPerPipeline = 3 + draw.Next(15),
            ChangePause = TimeSpan.FromMilliseconds(100 << draw.Next(6)),
        };
    }

    public static WorldOptions Draw(int seed)
    {
        var draw = new Random(seed);
        return new WorldOptions
        {
            Seed = seed,
            Clients = 2 + draw.Next(4),
            RequestsPerClient = 10 + draw.Next(30),
            Partitions = 1 + draw.Next(3),
            SegmentBytes = 1L << (15 + draw.Next(4)),
            Stormy = TimeSpan.FromSeconds(5 + draw.Next(20)),
            ThinkTime = TimeSpan.FromMilliseconds(draw.Next(600)),
            StagesReadStores = draw.Next(2) == 0,
            Faults = DrawFaults(draw),
            Victim = draw.Next(StoresOf),
            FaultPause = TimeSpan.FromMilliseconds(500 + draw.Next(5000)),
        };
    }

    private static FaultKinds DrawFaults(Random draw)
    {
        var kinds = FaultKinds.None;
        for (var kind = 1; kind <= (int)FaultKinds.All; kind <<= 1)
        {
            kinds |= draw.Next(3) == 0 ? FaultKinds.None : (FaultKinds)kind;
        }

        return kinds;
    }
}
