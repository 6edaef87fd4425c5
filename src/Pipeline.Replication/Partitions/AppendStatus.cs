namespace Pipeline.Replication.Partitions;

/// <summary>How an append to one partition ended.</summary>
public enum AppendStatus
{
    /// <summary>Committed on a majority of stores (all of it, none of it a duplicate).</summary>
    Appended,

    /// <summary>All or some of it had been appended before and that is committed; the rest is committed now.</summary>
    Duplicate,

    /// <summary>Refused for now: the partition's queue is full. Nothing was written.</summary>
    TooFast,

    /// <summary>Refused: no majority of stores, or the owner is stopping. Nothing was written.</summary>
    NotAppended,

    /// <summary>It may or may not become durable; the same handle tells on a retry.</summary>
    OutcomeUnknown,

    /// <summary>The handle was used with another body. Nothing was written.</summary>
    KeyReused,

    /// <summary>A request with this handle is still running. Nothing was written.</summary>
    InProgress,

    /// <summary>The producer's number is ahead of the next one (<see cref="AppendOutcome.Expected"/>).</summary>
    ProducerGap,

    /// <summary>The producer's number is older than the window. Nothing was written.</summary>
    ProducerForgotten,

    /// <summary>Platform producer: a higher generation was here. The sender must stop.</summary>
    ProducerFenced,

    /// <summary>
    /// Platform producer: <see cref="AppendOutcome.Last"/> lies inside this part, or before its Previous. The sender
    /// drops what is not after it and sends again; if its chain does not pass through Last it is not deterministic.
    /// </summary>
    ProducerMismatch,

    /// <summary>
    /// Refused for now: as many handles are remembered as may be, or as many producers. Nothing was written.
    /// </summary>
    TooManyHandles,
}
