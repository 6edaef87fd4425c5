namespace Pipeline.Simulation.Worlds;

/// <summary>
/// What a world is like. All of it is drawn from the seed, and each seed has only some kinds of faults (swarm
/// testing; Groce et al., ISSTA 2012): what all worlds have in common they would all miss.
/// </summary>
public sealed record WorldOptions
{
    public required int Seed { get; init; }

    /// <summary>No engine: only stores that open, rejoin and hold registers.</summary>
    public bool IsRegistersOnly { get; init; }

    public PlantedBug Bug { get; init; }

    public int Stores { get; init; } = 3;

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
        };
    }
}
