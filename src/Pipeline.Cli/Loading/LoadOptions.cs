namespace Pipeline.Cli.Loading;

/// <summary>What load to put on a stream.</summary>
internal sealed record LoadOptions
{
    public required string Stream { get; init; }

    /// <summary>Events a second where the shape is highest; 0: as many as are taken.</summary>
    public double Rate { get; init; }

    public LoadShape Shape { get; init; }

    /// <summary>Different keys.</summary>
    public int Keys { get; init; }

    /// <summary>The exponent of Zipf's law for how often each key comes; 0: all alike.</summary>
    public double Skew { get; init; }

    /// <summary>Bytes of an event.</summary>
    public int Size { get; init; }

    public double Seconds { get; init; }

    /// <summary>Events in a request.</summary>
    public int Batch { get; init; }

    /// <summary>Requests under way at a time; what is due beyond them waits, and that counts as latency.</summary>
    public int InFlight { get; init; }

    public int Seed { get; init; }
}
