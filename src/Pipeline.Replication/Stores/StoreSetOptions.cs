namespace Pipeline.Replication.Stores;

/// <summary>How long a store set waits. Nothing here changes what it guarantees.</summary>
public sealed record StoreSetOptions
{
    /// <summary>Pause between two looks at a store.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A store that does not answer for so long counts as unavailable.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How often in a row a place must be found blank or foreign before it is given a new incarnation.
    /// </summary>
    public int ProbesBeforeRejoin { get; init; } = 2;

    /// <summary>How many registers are installed at once on a store that rejoins.</summary>
    public int RejoinParallelism { get; init; } = 8;
}
