namespace Pipeline.Runtime.Consumers;

/// <summary>How an operation on a consumer ended.</summary>
public enum ConsumerStatus
{
    /// <summary>Done, on a majority of the stores.</summary>
    Done,

    /// <summary>The stream has no consumer of that name.</summary>
    NotFound,

    /// <summary>The stream, or the service, has as many as there may be.</summary>
    TooMany,

    /// <summary>It has come further than that already.</summary>
    Backwards,

    /// <summary>No majority of stores answers; a change may yet happen, and may be repeated.</summary>
    Unavailable,
}

/// <summary>An outcome, and the consumer as it is now.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Consumer">As it is now; null where there is none, or nothing is known.</param>
public sealed record ConsumerOutcome(ConsumerStatus Status, Consumer? Consumer = null)
{
    /// <summary>Whether this made a difference.</summary>
    public bool IsChanged { get; init; }

    /// <summary>With Backwards: the partition that would go back.</summary>
    public int Partition { get; init; }
}
