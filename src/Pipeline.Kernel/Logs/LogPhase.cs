namespace Pipeline.Kernel.Logs;

/// <summary>Where an owner stands.</summary>
public enum LogPhase : byte
{
    /// <summary>Not started.</summary>
    Idle,

    /// <summary>Reading the manifest, then proposing itself as the owner of the next epoch.</summary>
    Claiming,

    /// <summary>Sealing and reading the copies of the segment that the owner before left open.</summary>
    Sealing,

    /// <summary>Reading the recovered segment (or the last closed one) into the deduplication state.</summary>
    Loading,

    /// <summary>Making the recovered segment durable on a majority.</summary>
    Repairing,

    /// <summary>Proposing the recovered segment as closed and a new one as open.</summary>
    Closing,

    /// <summary>Accepting appends.</summary>
    Serving,

    /// <summary>Fenced, alarmed or asked to stop: for good.</summary>
    Stopped,
}
