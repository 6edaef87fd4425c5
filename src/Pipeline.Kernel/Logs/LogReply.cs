namespace Pipeline.Kernel.Logs;

/// <summary>The answer to an append.</summary>
public enum LogReply : byte
{
    /// <summary>Committed; none of it was there before.</summary>
    Appended,

    /// <summary>Committed; all or some of it was there before.</summary>
    Duplicate,

    /// <summary>The queue is full; nothing was written.</summary>
    TooFast,

    /// <summary>Nothing was written.</summary>
    NotAppended,

    /// <summary>It may or may not become durable.</summary>
    OutcomeUnknown,

    /// <summary>The handle was used with another body.</summary>
    KeyReused,

    /// <summary>A request with the handle is running.</summary>
    InProgress,

    /// <summary>The producer's number is ahead of the next one.</summary>
    ProducerGap,

    /// <summary>The producer's number is older than the window.</summary>
    ProducerForgotten,

    /// <summary>A higher generation of the platform producer was here.</summary>
    ProducerFenced,

    /// <summary>The platform producer's chain does not fit.</summary>
    ProducerMismatch,

    /// <summary>As many handles, or producers, are remembered as may be; nothing was written.</summary>
    TooManyHandles,
}
