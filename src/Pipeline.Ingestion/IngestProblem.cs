namespace Pipeline.Ingestion;

/// <summary>Why a request was refused; each has a name and a status code in the HTTP interface.</summary>
public enum IngestProblem
{
    /// <summary>Not what its media type says, or a header that makes no sense.</summary>
    Malformed,

    /// <summary>An event, the body or their number is over the limit.</summary>
    TooLarge,

    /// <summary>An event without the key its stream asks for.</summary>
    MissingKey,

    /// <summary>An event that its stream's schema refuses.</summary>
    Schema,

    /// <summary>The handle was used with another body.</summary>
    KeyReused,

    /// <summary>The same request is still running.</summary>
    InProgress,

    /// <summary>A producer left out a number.</summary>
    ProducerGap,

    /// <summary>A producer's number is older than the window.</summary>
    ProducerForgotten,

    /// <summary>As many handles, or producers, are remembered as may be; nothing was written.</summary>
    TooManyHandles,

    /// <summary>More than the process takes now; nothing was written.</summary>
    TooFast,

    /// <summary>No majority of stores; nothing was written.</summary>
    NotAppended,

    /// <summary>Some or all of it may have been written; a retry with the same handle tells.</summary>
    OutcomeUnknown,

    /// <summary>Asked for something that is not built.</summary>
    NotBuilt,
}
